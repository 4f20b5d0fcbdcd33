import t from 'tap'
import { openManyProcesses } from './testing/shop.ts'
import { changingName, strictWebhooksSuite } from './testing/strict-webhooks-suite.ts'

t.setTimeout(600_000)
strictWebhooksSuite(t, await openManyProcesses(t, changingName))

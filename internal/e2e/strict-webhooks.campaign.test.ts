import t from 'tap'
import { openOneProcess } from './testing/shop.ts'
import { changingName, strictWebhooksSuite } from './testing/strict-webhooks-suite.ts'

// `npm start` allows private addresses as long as only this machine reaches it, and then takes no password that everybody
// knows.
t.setTimeout(240_000)
const exposed = { HOST: '0.0.0.0', ADMIN_PASSWORD: 'a password of this test alone' }
strictWebhooksSuite(t, await openOneProcess(t, { ...changingName, ...exposed }))

import t from 'tap'
import { readStackFile } from '../config/stack-file.ts'
import { mailboxOf } from './testing/mailbox.ts'
import { payingAt } from './testing/paying.ts'
import { openOneProcess } from './testing/shop.ts'
import { tellingSettings, tellingSuite } from './testing/telling-suite.ts'

t.setTimeout(240_000)
const shop = await openOneProcess(t, tellingSettings)
const { paymentSandboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR!)) ?? {}
tellingSuite(t, { shop, mailbox: await mailboxOf(shop), paying: await payingAt(shop, paymentSandboxUrl) })

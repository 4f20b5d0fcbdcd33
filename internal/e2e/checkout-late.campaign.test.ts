import t from 'tap'
import { readStackFile } from '../config/stack-file.ts'
import { checkoutLateSettings, checkoutLateSuite } from './testing/checkout-late-suite.ts'
import { openOneProcess } from './testing/shop.ts'

t.setTimeout(600_000)
const shop = await openOneProcess(t, checkoutLateSettings)
const { paymentSandboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR!)) ?? {}
await checkoutLateSuite(t, shop, paymentSandboxUrl)

import t from 'tap'
import { readStackFile } from '../config/stack-file.ts'
import { checkoutSuite } from './testing/checkout-suite.ts'
import { guestOrdersSuite } from './testing/guest-orders-suite.ts'
import { openOneProcess } from './testing/shop.ts'

t.setTimeout(240_000)
const shop = await openOneProcess(t)
const { paymentSandboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR!)) ?? {}
await guestOrdersSuite(t, shop)
await checkoutSuite(t, shop, paymentSandboxUrl)

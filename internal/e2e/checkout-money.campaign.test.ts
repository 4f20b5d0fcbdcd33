import t from 'tap'
import { readStackFile } from '../config/stack-file.ts'
import { checkoutMoneySettings, checkoutMoneySuite } from './testing/checkout-money-suite.ts'
import { openOneProcess } from './testing/shop.ts'

t.setTimeout(600_000)
const shop = await openOneProcess(t, checkoutMoneySettings)
const { paymentSandboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR!)) ?? {}
await checkoutMoneySuite(t, shop, paymentSandboxUrl)

import t from 'tap'
import { checkoutSuite } from './testing/checkout-suite.ts'
import { guestOrdersSuite } from './testing/guest-orders-suite.ts'
import { openManyAtSandbox } from './testing/sandbox.ts'

t.setTimeout(600_000)
const { shop, sandbox } = await openManyAtSandbox(t)
await guestOrdersSuite(t, shop)
await checkoutSuite(t, shop, sandbox.url)

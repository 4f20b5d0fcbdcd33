import t from 'tap'
import { checkoutLateSettings, checkoutLateSuite } from './testing/checkout-late-suite.ts'
import { checkoutMoneySettings, checkoutMoneySuite } from './testing/checkout-money-suite.ts'
import { payingSuite } from './testing/paying-suite.ts'
import { receiptsSettings, receiptsSuite } from './testing/receipts-suite.ts'
import { revivingSettings, revivingSuite } from './testing/reviving-suite.ts'
import { openManyAtSandbox } from './testing/sandbox.ts'
import { staffMoneySuite } from './testing/staff-money-suite.ts'

// What is promised of money in one process holds with each service in a process of its own.

t.setTimeout(880_000)
for (const [name, suite, settings] of [
  ['orders are paid for', payingSuite, {}],
  ['carts are bought in every way of paying', checkoutMoneySuite, checkoutMoneySettings],
  ['money comes late for a checkout', checkoutLateSuite, checkoutLateSettings],
  ['money comes late for an order of lines', revivingSuite, revivingSettings],
  ['money by hand, and money that follows goods', staffMoneySuite, {}],
  ['receipts and credit notes', receiptsSuite, receiptsSettings],
] as const)
  t.test(name, async (t) => {
    const { shop, sandbox } = await openManyAtSandbox(t, settings)
    await suite(t, shop, sandbox.url)
  })

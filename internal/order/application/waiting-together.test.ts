import t from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import { fakePayments } from '../testing/fake-payments.ts'
import { fakeStock } from '../testing/fake-stock.ts'
import { newOrderId, now, trace } from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { noPrices } from '../testing/no-checkout.ts'
import { noTill } from '../testing/no-payments.ts'
import { closeEndedOrders } from './close-ended-orders.ts'
import { expireOrders, resumeClosing } from './close-orders.ts'
import { creditGoods } from './credit-goods.ts'
import { followUp } from './follow-up.ts'
import { keepMoney } from './keep-money.ts'
import { reapLocks } from './reap-locks.ts'
import { reviveOrders, reviveWithLateMoney } from './revive-orders.ts'

// What orders wait for, they wait for together: one after the other, two hundred of them took more than a minute under load,
// and those behind them were let go minutes late.

const atOnce = 20
const told = Array.from({ length: atOnce }, () => ({ orderId: newOrderId(), trace }))
const money = {
  ...{ gateVersion: 1, dueMinor: 1n, authorizedMinor: 0n, capturedMinor: 1n, refundedMinor: 0n },
  ...{ attempt: 'none' as const, flags: [] },
}

/** Answers nobody before some are there. */
function meeting() {
  let waiting = 0
  return async (): Promise<undefined> => {
    waiting++
    await eventually('the others come as well', () => waiting >= 8, 2_000)
    return undefined
  }
}

const nobody = async (): Promise<never> => {
  throw new Error('nobody asks for that')
}

function uses() {
  const meet = meeting()
  const orders = inMemoryOrders()
  const files = { ...orders.files, find: meet, update: meet }
  const { checkouts } = orders
  const payments = fakePayments()
  const carts = {
    ...{ find: nobody, lock: nobody, order: meet, unlock: meet },
    lockedFor: async () =>
      told.map(({ orderId }) => ({ cartId: newOrderId() as never, version: 1, orderId })),
  }
  const deps = { files, payments, stock: fakeStock(), prices: noPrices, now: () => now }
  const release = async () => []
  const paid = told.map((each) => ({ ...each, gateVersion: 1 }))
  for (const { orderId } of told) payments.money.set(orderId, money)
  return {
    'what follows from orders': () =>
      followUp({ orders: { find: meet }, files, checkouts, carts, prices: noPrices, till: noTill, release })(
        told,
      ),
    'goods that are not owed': () => creditGoods(deps)(told),
    'late money': () => reviveWithLateMoney(deps)(paid),
    revivals: () => reviveOrders(deps)(told),
    money: () => keepMoney(deps)(paid),
    'the money of orders that are over': () =>
      closeEndedOrders({ orders: { ...orders, find: meet }, payments })(told),
    'ended holds': () => expireOrders(deps)(told),
    'orders that are closing': () => resumeClosing(deps)(told),
    'carts whose checkout has died': () =>
      reapLocks({ carts, checkouts: { ...checkouts, takeBack: async () => told.map(() => undefined) } })(),
  }
}

for (const name of Object.keys(uses()) as (keyof ReturnType<typeof uses>)[])
  t.test(`${name}: none waits until another one is done`, async (t) => {
    await uses()[name]()
    t.pass('all were answered')
  })

import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { confirm, type Order } from '../domain/order.ts'
import { fakePayments } from '../testing/fake-payments.ts'
import { admin, newOrderId, now, placed, trace } from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { keepMoney } from './keep-money.ts'
import { payByHand } from './pay-by-hand.ts'
import type { Payments } from './payments.ts'

async function shop(payments: Partial<Payments> = {}) {
  const [orders, fake] = [inMemoryOrders(), fakePayments()]
  const deps = { orders, files: orders.files, payments: { ...fake, ...payments }, now: () => now }
  const { order } = await orders.add(placed(), undefined, trace)
  await orders.update([{ id: order.id, trace, decide: (seen) => confirm(seen, now) }])
  const pay = payByHand(deps)
  return {
    ...{ orders, order, recorded: fake.recorded, known: fake.money },
    pay: (reference = 'bank-1', id = order.id) => pay({ id, reference, reason: 'by transfer' }, admin()),
    keep: keepMoney(deps),
    now: async (): Promise<Order> => (await orders.find(order.id))!,
  }
}

t.test('the payments record the money, and what they say makes the order paid, once', async (t) => {
  const { pay, recorded, order, now, orders } = await shop()
  t.match(await pay(), { status: 'paid', paymentStatus: 'paid', gateVersion: 1 })
  t.match(recorded, [{ order: { id: order.id }, reference: 'bank-1', lines: [{}, {}] }])
  t.match((await now()).history[2], { status: 'paid', reason: 'by transfer' })
  t.match(await pay(), { status: 'paid', version: 3 }, 'the same again')
  t.equal(orders.events.length, 3)
  await t.rejects(pay('bank-1', newOrderId()), { code: 'order.not-found' })
})

t.test('what the payments refuse changes nothing', async (t) => {
  const refused = new Refusal('conflict', 'payment.reference-used', 'it belongs to another order')
  const { pay, now } = await shop({ recordOffline: () => Promise.reject(refused) })
  await t.rejects(pay(), { code: 'payment.reference-used' })
  t.match(await now(), { status: 'confirmed', paymentStatus: 'unpaid' })
})

t.test('money that does not cover the order makes it no paid one', async (t) => {
  const { pay } = await shop({
    recordOffline: async () => ({
      ...{ gateVersion: 1, dueMinor: 648n, capturedMinor: 600n, authorizedMinor: 0n, refundedMinor: 0n },
      ...{ attempt: 'none', flags: [] },
    }),
  })
  t.match(await pay(), { status: 'confirmed', paymentStatus: 'partially_paid' })
})

t.test(
  'a process that dies after the payments have recorded it leaves the rest to their event',
  async (t) => {
    const died = new Refusal('unavailable', 'service.unavailable', 'the process died')
    const { pay, keep, now, order, known } = await shop({ recordOffline: () => Promise.reject(died) })
    await t.rejects(pay(), { code: 'service.unavailable' })
    const money = {
      ...{ gateVersion: 1, dueMinor: 648n, capturedMinor: 648n, authorizedMinor: 0n, refundedMinor: 0n },
      ...{ attempt: 'none' as const, flags: [] },
    }
    known.set(order.id, money)
    const told = { orderId: order.id, gateVersion: 1, trace }
    await keep([told, told])
    t.match(await now(), { status: 'paid', paymentStatus: 'paid', version: 3 })
  },
)

import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import type { Money } from '../domain/money.ts'
import { confirm, expire, type Order } from '../domain/order.ts'
import { fakePayments } from '../testing/fake-payments.ts'
import { fakeStock } from '../testing/fake-stock.ts'
import { customer, newUserId, now, placed, trace } from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { cancelOrder } from './change-orders.ts'
import { keepMoney } from './keep-money.ts'
import { releaseUnneeded } from './release-canceled-orders.ts'
import { reviveOrders, reviveWithLateMoney } from './revive-orders.ts'
import { noPrices } from '../testing/no-checkout.ts'

const soon = new Date(now.getTime() + 60_000)
const due = 648n
const money = (changes: Partial<Money> = {}): Money => ({
  ...{ gateVersion: 5, dueMinor: due, authorizedMinor: 0n, capturedMinor: due, refundedMinor: 0n },
  ...{ attempt: 'none', flags: [], ...changes },
})

/** A shop with an order that has expired and whose hold was released. */
async function shop(isReleased = true) {
  const [orders, payments, stock, userId] = [inMemoryOrders(), fakePayments(), fakeStock(), newUserId()]
  const deps = { prices: noPrices, orders, files: orders.files, payments, stock, now: () => soon }
  const { order } = await orders.add(placed({ userId }), undefined, trace)
  await orders.update([{ id: order.id, trace, decide: (seen) => confirm(seen, now) }])
  await orders.update([{ id: order.id, trace, decide: (seen) => expire(seen, now) }])
  const told = [{ orderId: order.id, trace }]
  const shrink = () => releaseUnneeded(deps)(told)
  if (isReleased) await shrink()
  const tell = [{ orderId: order.id, gateVersion: 5, trace }]
  payments.money.set(order.id, money())
  return {
    ...{ orders, payments, stock, order, shrink },
    late: (changes: Partial<Money> = {}) => {
      payments.money.set(order.id, money(changes))
      return reviveWithLateMoney(deps)(tell)
    },
    keep: () => keepMoney(deps)(tell),
    sweep: async () => {
      const ids = await orders.files.toRevive(new Date(soon.getTime() + 1), soon, 10)
      await reviveOrders(deps)(ids.map((orderId) => ({ orderId, trace })))
      return ids.length
    },
    cancel: () => cancelOrder(deps)({ id: order.id, reason: '' }, customer(userId)),
    now: async (): Promise<Order> => (await orders.find(order.id))!,
  }
}

t.test('late money revives an order whose stock is left', async (t) => {
  const { late, now, stock, payments, orders, order } = await shop()
  t.strictSame(await late(), [undefined])
  t.match(await now(), { status: 'paid', paymentStatus: 'paid', holdNo: 2, reviving: undefined, version: 4 })
  t.match(stock.holds, [{ orderId: order.id, holdNo: 2, lines: [{ quantity: 1 }, { quantity: 2 }] }])
  t.match(payments.reopened, [{ orderId: order.id, dueMinor: due }])
  t.equal(payments.closed.length, 0)
  t.strictSame(
    orders.events.map(({ type }) => type),
    ['pending', 'confirmed', 'expired', 'revived'],
  )
  await late()
  t.equal(stock.holds.length, 1, 'a repeated message does nothing')
})

t.test('where no stock is left, or the money is on its way back, the order stays expired', async (t) => {
  for (const refuses of ['stock', 'payments'] as const) {
    const { late, sweep, now, stock, payments, order } = await shop()
    stock.decideWith(({ orderId }) =>
      refuses === 'stock' ? { orderId, outcome: 'rejected', shortages: [] } : { orderId, outcome: 'held' },
    )
    payments.reopenWith(async () => refuses === 'stock')
    await late()
    t.match(await now(), { status: 'expired', holdNo: 2, reviving: undefined, version: 3 }, refuses)
    t.match(stock.released.get(order.id), { holdNo: 2, kept: [], goesOn: false })
    t.match(payments.closed, [{ reason: 'expired', refund: 'full', keepMinor: 0n }], 'all goes back')
    t.equal(payments.reopened.length, refuses === 'stock' ? 0 : 1, 'stock comes first')
    t.equal(await sweep(), 0, 'it is not tried again')
  }
})

t.test('too little money revives nothing', async (t) => {
  const { late, sweep, now, stock } = await shop()
  await late({ capturedMinor: due - 1n })
  t.match(await now(), { status: 'expired', holdNo: 1, paymentStatus: 'partially_paid' })
  t.equal(await sweep(), 0)
  t.equal(stock.holds.length, 0)
})

t.test('money that was known in whichever way revives by the sweeper', async (t) => {
  const { keep, shrink, sweep, now } = await shop(false)
  await keep()
  t.equal(await sweep(), 0, 'the first hold is not released yet')
  await shrink()
  t.equal(await sweep(), 1)
  t.match(await now(), { status: 'paid', holdNo: 2 })
  t.equal(await sweep(), 0)
})

t.test('stock that is busy, or a gate that is waited for, is asked again', async (t) => {
  const { late, sweep, now, stock, payments } = await shop()
  stock.decideWith(({ orderId }) => ({ orderId, outcome: 'busy' }))
  await late()
  t.match(await now(), { status: 'expired', reviving: { isOff: false } })
  stock.decideWith(({ orderId }) => ({ orderId, outcome: 'rejected', shortages: [] }))
  payments.answerWith(async () => 'pending')
  await sweep()
  t.match(await now(), { status: 'expired', reviving: { isOff: true } })
  payments.answerWith(async () => 'covered')
  await sweep()
  t.match(await now(), { status: 'expired', reviving: undefined })
})

t.test('a crash at any seam only lets the sweeper go on', async (t) => {
  const died = new Refusal('unavailable', 'service.unavailable', 'it died')
  const diesOnce = <Answer>(answer: Answer) => {
    let left = 1
    return async (): Promise<Answer> => {
      if (left-- > 0) throw died
      return answer
    }
  }
  for (const seam of ['reserve', 'reopen', 'close', 'release'] as const) {
    const { late, sweep, now, stock, payments } = await shop()
    const isRefused = seam === 'close' || seam === 'release'
    if (isRefused) payments.reopenWith(async () => false)
    if (seam === 'reserve') stock.failOnce('reserve', died)
    if (seam === 'release') stock.failOnce('release', died)
    if (seam === 'reopen') payments.reopenWith(diesOnce(true))
    if (seam === 'close') payments.answerWith(diesOnce('uncovered' as const))
    await t.rejects(late(), { code: 'service.unavailable' }, seam)
    t.match(await now(), { status: 'expired', reviving: { isOff: isRefused } }, seam)
    await sweep()
    t.match(await now(), { status: isRefused ? 'expired' : 'paid', reviving: undefined }, seam)
    t.equal(await sweep(), 0, seam)
  }
})

t.test('whoever is slow undoes nothing of what a quicker one has done', async (t) => {
  const { late, sweep, now, payments, stock, order } = await shop()
  // While the slow one waits for its answer, the sweeper of another process revives the order.
  payments.reopenWith(async () => {
    payments.reopenWith(async () => true)
    await sweep()
    return false
  })
  stock.released.clear()
  await late()
  t.match(await now(), { status: 'paid', version: 4 })
  t.notOk(stock.released.has(order.id), 'its stock stays held')
  t.equal(payments.closed.length, 0, 'and its gate open')
})

t.test('nothing else happens to an order that is being revived', async (t) => {
  const { late, cancel, now, stock } = await shop()
  stock.decideWith(({ orderId }) => ({ orderId, outcome: 'busy' }))
  await late()
  await t.rejects(cancel(), { kind: 'conflict', code: 'order.expired' })
  t.match(await now(), { status: 'expired', reviving: { isOff: false } })
})

t.test('a revived order that is canceled gives its second hold back', async (t) => {
  const { late, cancel, shrink, now, stock, payments, order } = await shop()
  await late()
  payments.answerWith(async () => 'covered')
  await cancel()
  t.match(await now(), { status: 'canceled', version: 5 })
  await shrink()
  t.match(stock.released.get(order.id), { holdNo: 2, kept: [] })
})

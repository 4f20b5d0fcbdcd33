import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { cancel, type Order } from '../domain/order.ts'
import { fakeStock } from '../testing/fake-stock.ts'
import { newShipmentId, now, parcel, placed, trace, units } from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { bookReturnedGoods } from './book-returned-goods.ts'
import { creditGoods } from './credit-goods.ts'
import { confirm } from '../domain/order.ts'
import { pack } from '../domain/shipment.ts'
import { fakePayments } from '../testing/fake-payments.ts'
import { noPayments } from '../testing/no-payments.ts'
import { expireOrders, resumeClosing } from './close-orders.ts'
import { recordShipped } from './record-shipped.ts'
import { releaseUnneeded } from './release-canceled-orders.ts'
import { resumeResending } from './resend-shipments.ts'
import { reviveOrders } from './revive-orders.ts'
import { settleCreatedOrders } from './settle-created-orders.ts'
import { sweepOrders } from './sweep-orders.ts'
import { noCheckoutSweep, noPrices } from '../testing/no-checkout.ts'

/** A clock that is later than everything that the test does. */
const later = () => new Date(Date.now() + 60_000)
const isOutage = (err: unknown): boolean => err instanceof Refusal && err.kind === 'unavailable'

function shop() {
  const [stock, orders] = [fakeStock(), inMemoryOrders()]
  const faults: unknown[] = []
  const settle = settleCreatedOrders({ stock, orders, prices: noPrices, now: later })
  const release = releaseUnneeded({ stock, orders })
  const { files } = orders
  const book = bookReturnedGoods({ stock, files })
  const record = recordShipped({ files, newShipmentId })
  const ending = { files, payments: noPayments, now: later }
  const [resume, expire] = [resumeClosing(ending), expireOrders(ending)]
  const revive = reviveOrders({ ...ending, stock, prices: noPrices })
  const report = (err: unknown): void => void faults.push(err)
  const resend = resumeResending({ files, stock, now: later })
  const payments = fakePayments()
  const credit = creditGoods({ files, payments })
  const doing = { settle, release, book, record, credit, resume, expire, revive, resend, ...noCheckoutSweep }
  const deps = { orders, files, ...doing, now: later, isOutage, report }
  return {
    ...{ stock, orders, faults, deps, payments },
    sweep: () => sweepOrders(deps)(30),
    add: async (): Promise<Order> => (await orders.add(placed(), undefined, trace)).order,
    cancel: (order: Order) =>
      orders.update([{ id: order.id, trace, decide: (seen) => cancel(seen, '', now) }]),
  }
}

t.test('the sweep does what no event has done, and then has nothing to do', async (t) => {
  const { orders, stock, add, cancel, sweep } = shop()
  const [overdue, canceled] = [await add(), await add()]
  await cancel(canceled)
  t.match(await sweep(), { settled: 1, released: 1 })
  t.match(await orders.find(overdue.id), { status: 'confirmed' })
  t.ok(stock.released.has(canceled.id))
  t.match(await sweep(), { settled: 0, released: 0 })
})

t.test('the sweep tells the payments of units that were not found, when no event has', async (t) => {
  const { orders, add, sweep, payments } = shop()
  const { id } = await add()
  await orders.update([{ id, trace, decide: (seen) => confirm(seen, now) }])
  const wanted = (file: Parameters<typeof units>[0]) =>
    parcel(units(file, 1, 1).map((each) => ({ ...each, isShort: true })))
  await orders.files.update({ id, trace, decide: (file) => pack(file, wanted(file), now) })
  t.match(await sweep(), { credited: 1 })
  t.match(payments.credited, [{ order: { id }, lines: [{ short: 0 }, { short: 1 }] }])
  t.match(await sweep(), { credited: 0 })
})

t.test('one order that cannot be settled holds up no other, and is told of', async (t) => {
  const { stock, orders, faults, add, cancel, sweep } = shop()
  const poisoned = await add()
  const others = [await add(), await add(), await add()]
  const canceled = await add()
  await cancel(canceled)
  stock.decideWith(({ orderId }) => {
    if (orderId === poisoned.id) throw new Error('a poisoned order')
    return { orderId, outcome: 'held' }
  })
  t.match(await sweep(), { settled: 3, released: 1 })
  for (const { id } of others) t.match(await orders.find(id), { status: 'confirmed' })
  t.match(faults, [{ message: 'a poisoned order' }])
})

t.test('an order whose stock is busy is not counted as settled, and is at the next sweep', async (t) => {
  const { stock, add, sweep } = shop()
  const busy = await add()
  await add()
  stock.decideWith(({ orderId }) => ({ orderId, outcome: orderId === busy.id ? 'busy' : 'held' }))
  t.match(await sweep(), { settled: 1, released: 0 })
  stock.decideWith(({ orderId }) => ({ orderId, outcome: 'held' }))
  t.match(await sweep(), { settled: 1, released: 0 })
})

t.test('when the inventory is away, nobody asks it for each order again', async (t) => {
  const { faults, deps, add } = shop()
  for (let n = 0; n < 50; n++) await add()
  let calls = 0
  const settle: typeof deps.settle = async () => {
    calls++
    throw new Refusal('unavailable', 'service.unavailable', 'away')
  }
  t.match(await sweepOrders({ ...deps, settle })(30), { settled: 0, released: 0 })
  t.equal(calls, 1)
  t.equal(faults.length, 1)
})

t.test("what the sweep does has the order's last event as its cause", async (t) => {
  const causes: unknown[] = []
  const orders = inMemoryOrders((events) =>
    causes.push(...events.map(({ id, subject, headers }) => ({ id, subject, ...headers }))),
  )
  const stock = fakeStock()
  const { files } = orders
  const sweep = sweepOrders({
    ...{ orders, files, now: later, isOutage, report: () => undefined, ...noCheckoutSweep },
    settle: settleCreatedOrders({ stock, orders, prices: noPrices, now: later }),
    release: releaseUnneeded({ stock, orders }),
    book: bookReturnedGoods({ stock, files }),
    record: recordShipped({ files, newShipmentId }),
    credit: creditGoods({ files, payments: noPayments }),
    resume: resumeClosing({ files, payments: noPayments, now: later }),
    expire: expireOrders({ files, payments: noPayments, now: later }),
    revive: reviveOrders({ files, payments: noPayments, stock, prices: noPrices, now: later }),
    resend: resumeResending({ files, stock, now: later }),
  })
  const origin = { correlationId: 'request-1', causationId: '', traceparent: '00-a-b-01' }
  const { order } = await orders.add(placed(), undefined, origin)
  await sweep(30)
  const [created] = causes as { id: string }[]
  t.match(causes, [
    { subject: 'order.created', ...origin },
    { subject: 'order.confirmed', ...origin, causationId: created?.id },
  ])
  await orders.update([{ id: order.id, trace: origin, decide: (seen) => cancel(seen, '', now) }])
  await sweep(30)
  const canceled = causes.at(-1) as { id: string; subject: string }
  t.equal(canceled.subject, 'order.canceled')
  t.match(stock.released.get(order.id), { trace: { ...origin, causationId: canceled.id } })
})

import t from 'tap'
import type { Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { beginClosing } from '../domain/closing.ts'
import { confirm, pay, type Order } from '../domain/order.ts'
import { pack } from '../domain/shipment.ts'
import { fakePayments } from '../testing/fake-payments.ts'
import { admin, customer, newUserId, now, parcel, placed, trace, units } from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { cancelOrder, type Cancel } from './change-orders.ts'
import { expireOrders, resumeClosing } from './close-orders.ts'

const later = new Date(now.getTime() + 60_000)

async function shop(holdSeconds: number | 'without an end' = 30) {
  const [orders, payments, userId] = [inMemoryOrders(), fakePayments(), newUserId()]
  const deps = { orders, payments, files: orders.files, now: () => later }
  const change = placed({ userId })
  const holdUntil =
    holdSeconds === 'without an end' ? undefined : new Date(now.getTime() + holdSeconds * 1_000)
  const { order } = await orders.add({ ...change, state: { ...change.state, holdUntil } }, undefined, trace)
  await orders.update([{ id: order.id, trace, decide: (seen) => confirm(seen, now) }])
  const told = [{ orderId: order.id, trace }]
  const mine = customer(userId)
  const cancel = cancelOrder(deps)
  return {
    ...{ orders, payments, order, mine },
    expire: () => expireOrders(deps)(told),
    resume: () => resumeClosing(deps)(told),
    cancel: (call: Call = mine, more: Partial<Cancel> = {}) =>
      cancel({ id: order.id, reason: 'no', ...more }, call),
    pay: () => orders.update([{ id: order.id, trace, decide: (seen) => pay(seen, now) }]),
    pack: () =>
      orders.files.update({
        ...{ id: order.id, trace },
        decide: (file) => pack(file, parcel(units(file, 0, 1)), now),
      }),
    now: async (): Promise<Order> => (await orders.find(order.id))!,
  }
}

t.test('an order that nobody has paid for expires when its hold is over, once', async (t) => {
  const { expire, payments, now, orders } = await shop()
  await expire()
  t.match(await now(), { status: 'expired', awaitingRelease: true, version: 3 })
  t.match(payments.closed, [{ reason: 'expired', refund: undefined, keepMinor: 0n }])
  await expire()
  t.equal(payments.closed.length, 1)
  t.same(
    orders.events.map(({ type }) => type),
    ['pending', 'confirmed', 'expired'],
  )
})

t.test(
  'an order that was paid before its cart is taken back stays paid, and can be ended later',
  async (t) => {
    const { orders, order, payments, pay, resume, cancel, now: seen } = await shop()
    await pay()
    const closing = { to: 'canceled', reason: 'reopened', refund: 'unless-covered', since: later } as const
    await orders.files.update({ id: order.id, trace, decide: (file) => beginClosing(file, closing) })
    payments.answerWith(async () => 'covered')
    await resume()
    t.match(await seen(), { status: 'paid', closing: undefined, version: 3 })
    t.same(
      orders.events.map(({ type }) => type),
      ['pending', 'confirmed', 'paid'],
    )
    await cancel()
    t.match(await seen(), { status: 'canceled' })
  },
)

t.test('holds that end together do not wait for each other', async (t) => {
  const orders = inMemoryOrders()
  const payments = fakePayments()
  const changes = Array.from({ length: 80 }, () => placed())
  for (const { state, events } of changes)
    await orders.add({ state: { ...state, holdUntil: now }, events }, undefined, trace)
  const told = changes.map(({ state }) => ({ orderId: state.id, trace }))
  const decide = (seen: Order) => confirm(seen, now)
  await orders.update(told.map(({ orderId: id }) => ({ id, trace, decide })))
  let [asked, most] = [0, 0]
  payments.answerWith(async () => {
    most = Math.max(most, ++asked)
    await new Promise(setImmediate)
    asked--
    return 'uncovered'
  })
  await expireOrders({ payments, files: orders.files, now: () => later })(told)
  t.equal((await orders.countByStatus()).get('expired'), 80)
  t.ok(most > 1 && most <= 50, `${most} at the same time`)
})

t.test('a hold without an end, or one that is not over, does not expire', async (t) => {
  for (const seconds of ['without an end', 120] as const) {
    const { expire, now, payments } = await shop(seconds)
    await expire()
    t.match(await now(), { status: 'confirmed', closing: undefined })
    t.equal(payments.closed.length, 0)
  }
})

t.test('money that came in the last moment makes the order paid', async (t) => {
  const { expire, payments, now } = await shop()
  payments.answerWith(async () => 'covered')
  await expire()
  t.match(await now(), { status: 'paid', closing: undefined, holdUntil: undefined, awaitingRelease: false })
})

t.test('while a payment may still succeed, the order neither expires nor changes', async (t) => {
  const { expire, resume, payments, now, pack, cancel } = await shop()
  payments.answerWith(async () => 'pending')
  await expire()
  t.match(await now(), { status: 'confirmed', closing: { to: 'expired' }, version: 2 })
  await t.rejects(pack(), { code: 'order.closing' })
  await t.rejects(cancel(), { kind: 'unavailable', code: 'order.closing' })
  t.match(
    await now(),
    { closing: { to: 'canceled', reason: 'no' } },
    'who cancels has more to say than the clock',
  )
  payments.answerWith(async () => 'uncovered')
  await resume()
  t.match(await now(), { status: 'canceled', history: { 2: { reason: 'no' } } })
})

t.test('a crash at any seam only lets the sweeper go on', async (t) => {
  for (const way of ['expire', 'cancel'] as const) {
    const { [way]: begin, resume, payments, now } = await shop()
    payments.answerWith(() => Promise.reject(new Refusal('unavailable', 'service.unavailable', 'it died')))
    const died = await Promise.resolve<unknown>(begin()).catch((err: unknown) => err)
    t.match(died, { code: 'service.unavailable' })
    t.match(await now(), { status: 'confirmed', closing: { to: way === 'cancel' ? 'canceled' : 'expired' } })
    payments.answerWith(async () => 'uncovered')
    await resume()
    await resume()
    t.match(await now(), {
      status: way === 'cancel' ? 'canceled' : 'expired',
      version: 3,
      closing: undefined,
    })
  }
})

t.test('a cancellation says what becomes of the money, and keeps the price of what was packed', async (t) => {
  const { cancel, pay, pack, payments, mine, order, now } = await shop()
  await pay()
  await pack()
  payments.answerWith(async () => 'covered')
  await t.rejects(cancel(mine, { refund: 'none' }), { code: 'auth.forbidden' })
  t.match((await cancel(admin(), { refund: 'none' })).result, { status: 'canceled' })
  t.match(payments.closed, [
    { reason: 'canceled', refund: 'none', keepMinor: order.lines[1]!.unitPriceMinor },
  ])
  t.match(await now(), { status: 'canceled', awaitingRelease: true, lines: [{}, { packed: 1 }] })
})

t.test("a customer's cancellation gives all back, and a repeated request is known by its key", async (t) => {
  const { cancel, payments, mine, now } = await shop()
  const call = { ...mine, once: { key: 'k', fingerprint: '' } }
  payments.answerWith(async () => 'pending')
  await t.rejects(cancel(call), { code: 'order.closing' })
  payments.answerWith(async () => 'uncovered')
  t.match(await cancel(call), { isReplay: false, result: { status: 'canceled' } })
  t.match(await cancel(call), { isReplay: true, result: { status: 'canceled', version: 3 } })
  t.match(payments.closed.at(-1), { refund: 'full' })
  t.match((await cancel(mine)).result, { version: 3 }, 'another one changes nothing')
  await t.rejects(cancel(customer()), { code: 'order.not-found' })
  t.equal((await now()).version, 3)
})

t.test('nobody can pay for a pending order, so it is canceled at once', async (t) => {
  const [orders, payments, userId] = [inMemoryOrders(), fakePayments(), newUserId()]
  const { order } = await orders.add(placed({ userId }), undefined, trace)
  const cancel = cancelOrder({ orders, payments, files: orders.files, now: () => later })
  const call = { ...customer(userId), once: { key: 'k', fingerprint: '' } }
  t.match(await cancel({ id: order.id, reason: '' }, call), { result: { status: 'canceled', version: 2 } })
  t.match(await cancel({ id: order.id, reason: '' }, call), { isReplay: true })
  t.equal(payments.closed.length, 0)
})

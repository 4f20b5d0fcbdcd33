import { type Test } from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import type { Orders } from '../application/orders.ts'
import { cancel, confirm, type OrderEvent } from '../domain/order.ts'
import { newOrderId, newUserId, now, pendingOrder, placed, trace } from './fixtures.ts'

export type Told = { readonly type: OrderEvent['type']; readonly orderId: string; readonly version: number }
export type OpenOrders = { readonly orders: Orders; readonly told: () => Promise<readonly Told[]> }

/** The behaviour of every implementation of the store of orders. */
export function ordersContract(t: Test, open: (t: Test) => Promise<OpenOrders>): void {
  t.test('gives back what was stored, to the letter', async (t) => {
    const { orders } = await open(t)
    const change = placed()
    t.match(await orders.add(change, undefined, trace), { isNew: true })
    t.same(await orders.find(change.state.id), change.state)
    t.equal(await orders.find(newOrderId()), undefined)
  })

  t.test('recalls orders with their lines, and leaves out those that do not exist', async (t) => {
    const { orders } = await open(t)
    const [one, other] = [placed(), placed()]
    await orders.add(one, undefined, trace)
    await orders.add(other, undefined, trace)
    const found = await orders.recall([one.state.id, newOrderId(), other.state.id])
    t.same([...found.keys()].sort(), [one.state.id, other.state.id].sort())
    t.same(found.get(one.state.id), one.state)
    await orders.update([{ id: one.state.id, trace, decide: (seen) => confirm(seen, now) }])
    t.match((await orders.recall([one.state.id])).get(one.state.id), { status: 'confirmed' })
    t.equal((await orders.recall([])).size, 0)
  })

  t.test('stores state and event together', async (t) => {
    const { orders, told } = await open(t)
    const order = pendingOrder()
    await orders.add({ state: order, events: [{ type: 'pending', order }] }, undefined, trace)
    await orders.update([{ id: order.id, trace, decide: (seen) => confirm(seen, now) }])
    t.same(await told(), [
      { type: 'pending', orderId: order.id, version: 1 },
      { type: 'confirmed', orderId: order.id, version: 2 },
    ])
    t.match(await orders.find(order.id), { status: 'confirmed', version: 2 })
  })

  t.test('a key gives its first order, sixteen times at once', async (t) => {
    const { orders, told } = await open(t)
    const userId = newUserId()
    const key = { key: 'checkout-1', digest: 'same' }
    const all = await Promise.all(
      Array.from({ length: 16 }, () => orders.add(placed({ userId }), key, trace)),
    )
    t.equal(new Set(all.map(({ order }) => order.id)).size, 1)
    t.equal(all.filter(({ isNew }) => isNew).length, 1)
    t.equal((await told()).length, 1, 'one event')
    t.match(await orders.findByKey(userId, 'checkout-1'), { digest: 'same', order: { id: all[0]?.order.id } })
    t.match(await orders.add(placed(), key, trace), { isNew: true }, "somebody else's key is another key")
  })

  t.test('finds what a request has changed, and refuses another request under its key', async (t) => {
    const { orders, told } = await open(t)
    const [{ state }, other] = [await stored(orders), await stored(orders)]
    const once = { key: newOrderId(), fingerprint: 'a' }
    const canceling = (id: typeof state.id) => [
      { id, trace, decide: (seen: typeof state) => cancel(seen, 'no', now) },
    ]
    t.equal(await orders.findByRequest(once), undefined)
    t.same(await orders.update(canceling(newOrderId()), once), [undefined])
    t.equal(await orders.findByRequest(once), undefined, 'what is not there takes no key')
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => orders.update(canceling(state.id), once)),
    )
    t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1, 'one has the key')
    t.match(await orders.findByRequest(once), { id: state.id, status: 'canceled' })
    const reused = { code: 'request.idempotency-key-reused' }
    await t.rejects(orders.findByRequest({ ...once, fingerprint: 'b' }), reused)
    await t.rejects(orders.update(canceling(other.state.id), once), {
      code: 'request.idempotency-key-in-use',
    })
    t.match(await orders.find(other.state.id), { status: 'pending' })
    t.equal((await told()).filter(({ type }) => type === 'canceled').length, 1)
  })

  t.test('lets one of eight racing cancellations win', async (t) => {
    const { orders, told } = await open(t)
    const { state } = await stored(orders)
    const canceled = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        orders.update([{ id: state.id, trace, decide: (seen) => cancel(seen, `reason ${index}`, now) }]),
      ),
    )
    t.equal(
      new Set(canceled.map(([order]) => order?.history.at(-1)?.reason)).size,
      1,
      'all see the same winner',
    )
    t.equal((await told()).filter(({ type }) => type === 'canceled').length, 1)
  })

  t.test('publishes nothing when the decision is refused', async (t) => {
    const { orders, told } = await open(t)
    const { state } = await stored(orders)
    const decide = (): never => {
      throw new Refusal('conflict', 'order.test', 'no')
    }
    await t.rejects(orders.update([{ id: state.id, trace, decide }]), { code: 'order.test' })
    t.equal((await told()).length, 1, 'order.created only')
  })

  t.test('changes nothing when there is nothing to do, and says what does not exist', async (t) => {
    const { orders, told } = await open(t)
    const { state } = await stored(orders)
    const nothing = () => undefined
    const unknown = newOrderId()
    const [kept, missing] = await orders.update([
      { id: state.id, trace, decide: nothing },
      { id: unknown, trace, decide: nothing },
    ])
    t.same(kept, state)
    t.equal(missing, undefined)
    t.equal((await told()).length, 1)
  })

  t.test('two updates of one order in one call happen one after the other', async (t) => {
    const { orders } = await open(t)
    const { state } = await stored(orders)
    await orders.update([
      { id: state.id, trace, decide: (seen) => confirm(seen, now) },
      { id: state.id, trace, decide: (seen) => cancel(seen, 'then off', now) },
    ])
    const order = await orders.find(state.id)
    t.same(
      order?.history.map(({ status }) => status),
      ['pending', 'confirmed', 'canceled'],
    )
  })

  t.test('pages through newest first, for one or for all', async (t) => {
    const { orders } = await open(t)
    const userId = newUserId()
    const mine = []
    for (let index = 0; index < 5; index++) mine.push((await stored(orders, { userId })).state.id)
    await stored(orders)
    const filter = { userId, status: undefined, limit: 2 }
    const first = await orders.page({ ...filter, after: undefined })
    t.same(
      first.orders.map(({ id }) => id),
      [mine[4], mine[3]],
    )
    const second = await orders.page({ ...filter, after: first.next })
    const third = await orders.page({ ...filter, after: second.next })
    t.same(
      third.orders.map(({ id }) => id),
      [mine[0]],
    )
    t.equal(third.next, undefined)
    const everybody = await orders.page({
      userId: undefined,
      status: 'pending',
      after: undefined,
      limit: 100,
    })
    t.equal(everybody.orders.length, 6)
    const canceled = await orders.page({
      userId: undefined,
      status: 'canceled',
      after: undefined,
      limit: 100,
    })
    t.equal(canceled.orders.length, 0)
    for (const { id } of first.orders)
      await orders.update([{ id, trace, decide: (seen) => confirm(seen, now) }])
    const { orders: again } = await orders.page({ ...filter, after: undefined })
    t.ok(
      again.every(({ status }) => status === 'confirmed'),
      'a change is seen at once',
    )
  })

  t.test('knows from which event an order waits, and where that came from', async (t) => {
    const { orders } = await open(t)
    const placing = { correlationId: 'request-1', causationId: '', traceparent: '00-aa-bb-01' }
    const canceling = { correlationId: 'request-2', causationId: '', traceparent: '00-cc-dd-01' }
    const later = new Date(Date.now() + 60_000)
    const { order } = await orders.add(placed({ at: new Date() }), undefined, placing)
    const [waiting] = await orders.pendingSince(later, 10)
    t.match(waiting, { orderId: order.id, trace: { ...placing, causationId: /^[0-9a-f-]{36}$/ } })
    await orders.update([{ id: order.id, trace: canceling, decide: (seen) => cancel(seen, '', new Date()) }])
    const [canceled] = await orders.unreleasedSince(later, 10)
    t.match(canceled, { orderId: order.id, trace: { ...canceling, causationId: /^[0-9a-f-]{36}$/ } })
    t.not(canceled?.trace.causationId, waiting?.trace.causationId)
  })

  t.test('knows what waits for a decision and what for its stock', async (t) => {
    const { orders } = await open(t)
    const pending = await stored(orders)
    const canceled = await stored(orders)
    await orders.update([{ id: canceled.state.id, trace, decide: (seen) => cancel(seen, '', now) }])
    const later = new Date(Date.now() + 1_000)
    t.same(
      (await orders.pendingSince(later, 10)).map(({ orderId }) => orderId),
      [pending.state.id],
    )
    t.match(await orders.pendingSince(later, 10), [
      { lines: pending.state.lines.map(({ productId, quantity }) => ({ productId, quantity })) },
    ])
    t.same(await orders.pendingSince(new Date(Date.now() - 60_000), 10), [])
    t.match(await orders.unreleasedSince(later, 10), [{ orderId: canceled.state.id }])
    t.same(await orders.unreleasedSince(now, 10), [], 'not before it was canceled')
    const seen = await Promise.all([canceled.state.id, pending.state.id].map((id) => orders.find(id)))
    const asSeen = seen.flatMap((order) => (order ? [{ id: order.id, revision: order.revision }] : []))
    await orders.markReleased(asSeen.map(({ id, revision }) => ({ id, revision: revision - 1 })))
    t.equal((await orders.unreleasedSince(later, 10)).length, 1, 'it has changed since')
    await orders.markReleased(asSeen)
    t.same(await orders.unreleasedSince(later, 10), [])
    t.same(
      await orders.countByStatus(),
      new Map([
        ['pending', 1],
        ['canceled', 1],
      ]),
    )
  })
}

/** The behaviour of a store that bounds the unpaid units of an account: ten. A placed order of the tests has three. */
export function unpaidContract(t: Test, open: (t: Test) => Promise<Pick<OpenOrders, 'orders'>>): void {
  t.test('however many orders come at once, an account has no more unpaid units than it may', async (t) => {
    const { orders } = await open(t)
    const [userId, other] = [newUserId(), newUserId()]
    const adds = Array.from({ length: 12 }, () => orders.add(placed({ userId }), undefined, trace))
    const results = await Promise.allSettled([
      ...adds,
      orders.add(placed({ userId: other }), undefined, trace),
    ])
    const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.order] : []))
    t.equal(made.filter((order) => order.userId === userId).length, 3)
    t.equal(made.filter((order) => order.userId === other).length, 1, 'another account has its own')
    const refusals = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    )
    t.match(refusals[0], { kind: 'conflict', code: 'order.too-many-unpaid', details: { max: 10 } })
    const [first] = made
    await orders.update([{ id: first!.id, trace, decide: (seen) => cancel(seen, '', now) }])
    await orders.add(placed({ userId }), undefined, trace)
    await t.rejects(orders.add(placed({ userId }), undefined, trace), { code: 'order.too-many-unpaid' })
  })
}

async function stored(orders: Orders, changes: Parameters<typeof placed>[0] = {}) {
  const change = placed(changes)
  await orders.add(change, undefined, trace)
  return change
}

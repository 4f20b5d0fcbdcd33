import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { DeadLetter, DeadLetterId } from '../domain/dead-letter.ts'
import { fakeInventory, fakeOrders } from '../testing/fake-services.ts'
import { admin, createdOrder, customer, deadLetter, newProductId } from '../testing/fixtures.ts'
import { inMemoryDeadLetters } from '../testing/in-memory-dead-letters.ts'
import { discardDeadLetter, getDeadLetter, listDeadLetters, requeueDeadLetter } from './dead-letters.ts'
import { releaseCanceledOrders } from './release-canceled-orders.ts'
import { settleCreatedOrders } from './settle-created-orders.ts'
import { sweep } from './sweep.ts'

function services() {
  const inventory = fakeInventory()
  const orders = fakeOrders()
  const settle = settleCreatedOrders({ inventory, orders })
  const release = releaseCanceledOrders({ inventory, orders })
  return { inventory, orders, settle, release, sweep: sweep({ orders, settle, release, afterSeconds: 30 }) }
}

t.test('each order is settled as its stock was decided', async (t) => {
  const { inventory, orders, settle } = services()
  const [held, short, canceled, poor] = [createdOrder(), createdOrder(), createdOrder(), createdOrder()]
  const productId = newProductId()
  inventory.decideWith(({ orderId }) => {
    if (orderId === held.orderId) return { orderId, outcome: 'held', shortages: [] }
    if (orderId === canceled.orderId) return { orderId, outcome: 'released', shortages: [] }
    const count = orderId === poor.orderId ? 5 : 1
    const shortages = Array.from({ length: count }, () => ({ productId, requested: 3, available: 1 }))
    return { orderId, outcome: 'rejected', shortages }
  })
  const refusals = await settle([held, short, canceled, poor])
  t.same(refusals, [undefined, undefined, undefined, undefined])
  t.same(orders.settled.get(held.orderId), {
    orderId: held.orderId,
    outcome: 'confirmed',
    reason: '',
    trace: held.trace,
  })
  t.match(orders.settled.get(short.orderId), {
    outcome: 'rejected',
    reason: `out of stock: ${productId} (3 wanted, 1 there)`,
  })
  t.match(orders.settled.get(canceled.orderId), { outcome: 'rejected', reason: 'the stock was released' })
  t.match(orders.settled.get(poor.orderId)?.reason, / and 2 more$/)
  t.equal(inventory.asked.length, 1, 'one command for all of them')
})

t.test('an order that names an unknown product is refused, and the others are settled', async (t) => {
  const { inventory, orders, settle } = services()
  const [good, bad] = [createdOrder(), createdOrder()]
  inventory.decideWith(({ orderId }) => ({
    orderId,
    outcome: orderId === bad.orderId ? 'unknown-product' : 'held',
    shortages: [],
  }))
  const [one, two] = await settle([good, bad])
  t.equal(one, undefined)
  t.match(two, { kind: 'invalid', code: 'message.unknown-product' })
  t.same([...orders.settled.keys()], [good.orderId])
  t.match(await settle([bad]), [{ code: 'message.unknown-product' }], 'also when nothing is left to settle')
})

t.test('what was held for an order that does not exist is released, and its message refused', async (t) => {
  const { inventory, orders, settle } = services()
  const [known, stray] = [createdOrder(), createdOrder()]
  orders.unknown.add(stray.orderId)
  const [one, two] = await settle([known, stray])
  t.equal(one, undefined)
  t.match(two, { kind: 'invalid', code: 'message.unknown-order' })
  t.same([...inventory.released], [stray.orderId])
})

t.test('settling again changes nothing', async (t) => {
  const { orders, settle } = services()
  const order = createdOrder()
  await settle([order])
  const before = orders.settled.get(order.orderId)
  t.same(await settle([order]), [undefined])
  t.equal(orders.settled.get(order.orderId), before)
})

t.test('when the orders are away, nothing is said to be done', async (t) => {
  const { inventory, orders } = services()
  const away = { ...orders, settle: () => Promise.reject(new Refusal('unavailable', 'orders.away', 'away')) }
  await t.rejects(settleCreatedOrders({ inventory, orders: away })([createdOrder()]), { code: 'orders.away' })
})

t.test('the stock of canceled orders goes back first, then the orders know', async (t) => {
  const { inventory, orders, release } = services()
  const { orderId } = createdOrder()
  await release([orderId])
  t.ok(inventory.released.has(orderId) && orders.marked.has(orderId))
  const failing = { ...inventory, release: () => Promise.reject(new Error('no')) }
  const other = createdOrder().orderId
  await t.rejects(releaseCanceledOrders({ inventory: failing, orders })([other]))
  t.notOk(orders.marked.has(other))
})

t.test('the sweeper does what no message has done, and then has nothing to do', async (t) => {
  const { orders, inventory, sweep } = services()
  const overdue = createdOrder()
  const canceled = createdOrder().orderId
  orders.setOverdue([overdue])
  orders.setCanceled([canceled])
  t.same(await sweep(), { settled: 1, released: 1 })
  t.match(orders.settled.get(overdue.orderId), { outcome: 'confirmed' })
  t.ok(inventory.released.has(canceled))
  t.same(await sweep(), { settled: 0, released: 0 })
})

t.test('orders that cannot be settled do not keep back the stock of canceled ones', async (t) => {
  const { orders, inventory, release } = services()
  const canceled = createdOrder().orderId
  orders.setOverdue([createdOrder()])
  orders.setCanceled([canceled])
  const settle = () => Promise.reject(new Error('a poisoned order'))
  await t.rejects(sweep({ orders, settle, release, afterSeconds: 30 })(), { message: 'a poisoned order' })
  t.ok(inventory.released.has(canceled))
})

function desk(letters = inMemoryDeadLetters()) {
  const published: DeadLetter[] = []
  const republish = async (letter: DeadLetter): Promise<void> => void published.push(letter)
  return {
    letters,
    published,
    list: listDeadLetters({ letters }),
    get: getDeadLetter({ letters }),
    requeue: requeueDeadLetter({ letters, republish }),
    discard: discardDeadLetter({ letters }),
  }
}

t.test('dead letters are for admins only', async (t) => {
  const { letters, list, get, requeue, discard, published } = desk()
  const letter = deadLetter()
  await letters.add(letter)
  const filter = { status: undefined, after: undefined, limit: 10 }
  for (const call of [customer, { ...customer, actor: undefined }]) {
    const code = call.actor ? 'auth.forbidden' : 'auth.required'
    const attempts: (() => Promise<unknown>)[] = [
      () => list(filter, call),
      () => get(letter.id, call),
      () => requeue(letter.id, call),
      () => discard({ id: letter.id, reason: '' }, call),
    ]
    for (const attempt of attempts) await t.rejects(attempt(), { code })
  }
  t.same(published, [])
  t.match(await list(filter, admin), { letters: [{ id: letter.id }] })
  t.match(await get(letter.id, admin), { id: letter.id })
  await t.rejects(get(newId() as DeadLetterId, admin), { kind: 'not-found', code: 'dead-letter.not-found' })
})

t.test('a requeued letter goes out once, counted, and cannot go out again', async (t) => {
  const { letters, requeue, discard, published } = desk()
  const letter = deadLetter()
  await letters.add(letter)
  t.match(await requeue(letter.id, admin), { status: 'requeued', requeues: 1 })
  t.match(published, [{ id: letter.id, requeues: 1 }])
  await t.rejects(requeue(letter.id, admin), { code: 'dead-letter.requeued' })
  await t.rejects(discard({ id: letter.id, reason: '' }, admin), { code: 'dead-letter.requeued' })
  t.equal(published.length, 1)
})

t.test('a letter that could not be published stays open', async (t) => {
  const { letters } = desk()
  const letter = deadLetter()
  await letters.add(letter)
  const republish = () => Promise.reject(new Refusal('unavailable', 'nats.unavailable', 'away'))
  await t.rejects(requeueDeadLetter({ letters, republish })(letter.id, admin), { code: 'nats.unavailable' })
  t.match(await letters.find(letter.id), { status: 'open', requeues: 0 })
})

t.test('a discarded letter is never published', async (t) => {
  const { letters, requeue, discard, published } = desk()
  const letter = deadLetter()
  await letters.add(letter)
  t.match(await discard({ id: letter.id, reason: 'of no use' }, admin), { status: 'discarded' })
  await t.rejects(requeue(letter.id, admin), { code: 'dead-letter.discarded' })
  t.same(published, [])
})

t.test('of a requeue and a discard at once one wins, and the other is told', async (t) => {
  const { letters, requeue, discard } = desk()
  const letter = deadLetter()
  await letters.add(letter)
  const results = await Promise.allSettled([
    requeue(letter.id, admin),
    discard({ id: letter.id, reason: 'of no use' }, admin),
  ])
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  t.match(
    results.find(({ status }) => status === 'rejected'),
    { reason: { kind: 'conflict', code: 'dead-letter.resolved' } },
  )
})

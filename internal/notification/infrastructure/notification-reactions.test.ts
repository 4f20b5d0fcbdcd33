import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { Delivered } from '../../platform/reaction.ts'
import type { News } from '../domain/news.ts'
import { reactions } from './notification-events.ts'
import { notificationReactions } from './notification-reactions.ts'
import { staffReactions } from './staff-reactions.ts'

function world() {
  const told: News[] = []
  const react = notificationReactions(async (news) => {
    told.push(...news)
    return news.map(() => undefined)
  })
  return { told, react }
}

const event = (subject: string, data: Delivered['data'], id = newId()): Delivered => ({
  ...{ type: `tillstream.${subject}.v1`, data },
  trace: { correlationId: 'c', causationId: id, traceparent: '' },
})
const [orderId, userId] = [newId(), newId()]

t.test('every reaction that is declared has its function', (t) => {
  const react = { ...world().react, ...staffReactions(async (news) => news.map(() => undefined)) }
  t.same(Object.keys(react).sort(), reactions.map(({ name }) => name).sort())
  t.end()
})

t.test('an order that is confirmed is news, and that its hold ends is news for later', async (t) => {
  const { told, react } = world()
  const id = newId()
  const holdUntil = new Date(Date.now() + 400_000).toISOString()
  const order = { id: orderId, userId, holdUntil }
  await react['tell-orders']!([event('order.confirmed', { order }, id), event('order.completed', { order })])
  t.match(told, [
    { kind: 'order.confirmed', eventId: id, to: { orderId, userId }, notBefore: undefined },
    { kind: 'order.hold-ending', eventId: id },
  ])
  const wait = told[1]!.notBefore!.getTime() - told[1]!.at.getTime()
  t.ok(Math.abs(wait - 300_000) < 5_000)
  t.ok(Math.abs(told[0]!.at.getTime() - Date.now()) < 5_000, 'its time is that of its id')
})

t.test('a guest’s order has no user, and of a parcel it is not known whose it is', async (t) => {
  const { told, react } = world()
  await react['tell-orders']!([event('order.created', { order: { id: orderId } })])
  await react['tell-shipments']!([event('shipment.shipped', { orderId, shipmentId: newId() })])
  t.same(told[0]!.to, { orderId, userId: undefined })
  t.same(told[1]!.to, { orderId })
})

t.test(
  'each step of a return is told, and a revived order to its feed, because its receipt is a mail',
  async (t) => {
    const { told, react } = world()
    const steps = ['requested', 'approved', 'declined', 'canceled', 'received', 'refunded']
    const returnId = newId()
    await react['tell-returns']!(steps.map((step) => event(`return.${step}`, { orderId, returnId })))
    t.same(
      told.map(({ kind }) => kind),
      ['requested', 'approved', 'declined', 'received', 'refunded'].map((step) => `return.${step}`),
    )
    await react['tell-orders']!([event('order.revived', { order: { id: orderId, userId } })])
    t.match(told.at(-1), { kind: 'order.paid', channels: ['feed'], to: { orderId, userId } })
  },
)

t.test('a receipt is a mail, and a credit note goes along with its refund', async (t) => {
  const { told, react } = world()
  const receipt = { kind: 'receipt', receiptId: newId(), orderId }
  await react['tell-receipt']!([
    event('receipt.issued', receipt),
    event('receipt.issued', { ...receipt, kind: 'credit-note' }),
  ])
  t.match(told, [{ kind: 'order.paid', channels: ['email'] }])
  t.equal(told.length, 1)
})

t.test('only customers are welcomed, and only users are reminded of a cart', async (t) => {
  const { told, react } = world()
  await react['tell-welcome']!([
    event('user.created', { userId, role: 'admin' }),
    event('user.created', { userId, role: 'customer' }),
  ])
  await react['tell-abandoned']!([
    event('cart.abandoned', { cartId: newId() }),
    event('cart.abandoned', { cartId: newId(), userId }),
  ])
  t.same(
    told.map(({ kind }) => kind),
    ['account.welcome', 'cart.abandoned'],
  )
})

t.test('an event that makes no sense is refused, and the others are told', async (t) => {
  const { told, react } = world()
  const answers = await react['tell-payment-failed']!([
    event('payment.failed', { orderId: 'x' }),
    event('payment.failed', { orderId }),
    event('payment.captured', { orderId }),
  ])
  t.match(answers, [{ code: 'message.invalid-order' }, undefined, { code: 'message.wrong-type' }])
  t.match(told, [{ kind: 'order.payment-failed' }])
})

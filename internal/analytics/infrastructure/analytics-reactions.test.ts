import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { Delivered } from '../../platform/reaction.ts'
import { timeOfUuid } from '../../platform/uuid.ts'
import type { Fact } from '../domain/fact.ts'
import { analyticsReactions } from './analytics-reactions.ts'

const added: Fact[] = []
const react = analyticsReactions({ add: async (facts) => void added.push(...facts) })

type Name = keyof typeof react

async function hear(name: Name, type: string, data: Delivered['data']) {
  added.length = 0
  const eventId = newId()
  const trace = { correlationId: '', causationId: eventId, traceparent: '' }
  const [refusal] = await react[name]([{ type: `tillstream.${type}.v1`, data, trace }])
  return { refusal, facts: [...added], at: timeOfUuid(eventId) }
}

const [orderId, productId, cartId] = [newId(), newId(), newId()]
const order = {
  ...{ id: orderId, totalMinor: '1200', currency: 'EUR' },
  items: [{ productId, quantity: 2, unitPriceMinor: '500' }],
  history: [{ status: 'confirmed', at: '2026-11-30T10:00:00.000Z', reason: '' }],
}
const terms = [{ cartId }]

t.test('an order of lines counts when it is confirmed, and one of a cart when it is paid', async (t) => {
  const { facts } = await hear('count-confirmed', 'order.confirmed', { order })
  t.match(facts, [
    { kind: 'ordered', subjectId: orderId, productId: undefined, units: 2, amountMinor: 1_200n },
    { kind: 'ordered', subjectId: orderId, productId, units: 2, amountMinor: 1_000n },
  ])
  t.same((await hear('count-confirmed', 'order.confirmed', { order: { ...order, terms } })).facts, [])
  const offline = [{ cartId, paysOffline: true }]
  t.equal(
    (await hear('count-confirmed', 'order.confirmed', { order: { ...order, terms: offline } })).facts.length,
    2,
  )
  const history = [...order.history, { status: 'paid', at: '2026-11-30T11:00:00.000Z' }]
  const paid = await hear('count-paid', 'order.paid', { order: { ...order, terms, history } })
  t.same(
    paid.facts.map(({ kind }) => kind),
    ['ordered', 'ordered', 'paid', 'paid'],
  )
})

t.test('a refund, an item, a checkout and an ordered cart count at the time of their events', async (t) => {
  const refundId = newId()
  const refund = { refundId, orderId, amountMinor: '300', currency: 'EUR' }
  const refunded = await hear('count-refunded', 'refund.succeeded', refund)
  t.match(refunded.facts, [{ kind: 'refunded', subjectId: refundId, amountMinor: 300n, at: refunded.at }])
  const carted = await hear('count-carted', 'cart.item_added', { cartId, line: { productId } })
  t.match(carted.facts, [
    { kind: 'carted', subjectId: cartId, productId: undefined },
    { kind: 'carted', subjectId: cartId, productId },
  ])
  const locked = await hear('count-checked-out', 'cart.locked', { cartId, orderId })
  t.match(locked.facts, [{ kind: 'checked-out', subjectId: orderId, at: locked.at }])
  const ordered = await hear('count-cart-ordered', 'cart.ordered', { cartId, orderId })
  t.match(ordered.facts, [{ kind: 'cart-ordered', subjectId: cartId }])
})

t.test('what is no event of ours is refused and counts nothing', async (t) => {
  const wrong: readonly (readonly [Name, string, Delivered['data']])[] = [
    ['count-confirmed', 'order.confirmed', {}],
    ['count-confirmed', 'order.confirmed', { order: { ...order, currency: 'euro' } }],
    ['count-confirmed', 'order.confirmed', { order: { ...order, totalMinor: '-1' } }],
    [
      'count-confirmed',
      'order.confirmed',
      { order: { ...order, items: [{ ...order.items[0], quantity: 0 }] } },
    ],
    [
      'count-confirmed',
      'order.confirmed',
      { order: { ...order, history: [{ status: 'confirmed', at: 'now' }] } },
    ],
    ['count-confirmed', 'order.confirmed', { order: { ...order, terms: [null] } }],
    ['count-refunded', 'refund.succeeded', { refundId: newId(), amountMinor: '1' }],
    ['count-carted', 'cart.item_added', { cartId }],
    ['count-checked-out', 'cart.locked', { cartId }],
  ]
  for (const [name, type, data] of wrong) {
    const { refusal, facts } = await hear(name, type, data)
    t.match(refusal?.code, /^message\.invalid-/)
    t.same(facts, [])
  }
})

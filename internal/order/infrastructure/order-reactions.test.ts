import t from 'tap'
import { OrderPaidSchema, OrderRevivedSchema } from '../../gen/order/v1/events_pb.ts'
import { eventType } from '../../platform/event.ts'
import { newId } from '../../platform/new-id.ts'
import { trace } from '../testing/fixtures.ts'
import { orderReactions, parseCanceledOrder, parseCreatedOrder } from './order-reactions.ts'

const ids = { id: newId(), productId: newId() }
const goodOrder = { id: ids.id, items: [{ productId: ids.productId, quantity: 3 }] }
const delivered = (data: Readonly<Record<string, unknown>>) => ({ type: 'unread', data, trace })

t.test('a good message becomes an order that the rest can trust', async (t) => {
  t.same(parseCreatedOrder(delivered({ order: goodOrder })), {
    orderId: ids.id,
    lines: [{ productId: ids.productId, quantity: 3 }],
    trace,
  })
  const canceled = parseCanceledOrder(delivered({ order: { id: ids.id.toUpperCase() } }))
  t.same(canceled, { orderId: ids.id, trace })
})

const withItems = (items: unknown) => ({ order: { ...goodOrder, items } })
const withQuantity = (quantity: unknown) => withItems([{ productId: ids.productId, quantity }])

const poison: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
  ['an order that is none', { order: 'x' }, 'message.invalid'],
  ['an order that is a list', { order: [] }, 'message.invalid'],
  ['no order', {}, 'message.invalid'],
  ['a bad id', { order: { ...goodOrder, id: 'x' } }, 'message.invalid-order-id'],
  ['an id that is a number', { order: { ...goodOrder, id: 7 } }, 'message.invalid-order-id'],
  ['no items', withItems(undefined), 'message.invalid-items'],
  ['empty items', withItems([]), 'message.invalid-items'],
  ['items that are an object', withItems({ length: 1 }), 'message.invalid-items'],
  ['too many items', withItems(Array(10_001).fill(goodOrder.items[0])), 'message.invalid-items'],
  ['an item that is null', withItems([null]), 'message.invalid'],
  ['a bad product', withItems([{ productId: 'x', quantity: 1 }]), 'message.invalid-product-id'],
  ...[0, -1, 1.5, 1e9, 2 ** 53, '3', null, true, [3]].map(
    (quantity) =>
      [`quantity ${JSON.stringify(quantity)}`, withQuantity(quantity), 'message.invalid-quantity'] as const,
  ),
]

for (const [name, data, code] of poison) {
  t.test(`${name} is refused as ${code}`, async (t) => {
    t.throws(() => parseCreatedOrder(delivered(data)), { kind: 'invalid', code })
  })
}

t.test('an order that is revived has its receipt issued, as one that is paid has', async (t) => {
  const issued: unknown[] = []
  const nothing = async (told: readonly unknown[]) => told.map(() => undefined)
  const reactions = orderReactions({
    ...{ settle: nothing, release: nothing, shrink: nothing, book: nothing, credit: nothing },
    ...{ keep: nothing, revive: nothing, close: nothing, capture: nothing },
    async issue(told) {
      issued.push(...told)
      return told.map(() => undefined)
    },
  })
  for (const [reaction, type] of [
    ['issue-receipt', eventType(OrderPaidSchema)],
    ['issue-revived', eventType(OrderRevivedSchema)],
  ] as const)
    await reactions[reaction]([{ type: type.type, data: { order: { id: ids.id } }, trace }])
  t.strictSame(issued, [
    { orderId: ids.id, trace },
    { orderId: ids.id, trace },
  ])
})

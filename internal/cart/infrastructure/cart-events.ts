import type { CartLineSchema } from '../../gen/cart/v1/cart_pb.ts'
import {
  CartAbandonedSchema,
  CartClearedSchema,
  CartDeliveryChangedSchema,
  CartItemAddedSchema,
  CartItemChangedSchema,
  CartItemRemovedSchema,
  CartLockedSchema,
  CartMergedSchema,
  CartOrderedSchema,
  CartPromotionsChangedSchema,
  CartReopenedSchema,
} from '../../gen/cart/v1/events_pb.ts'
import type { Trace } from '../../platform/call.ts'
import { eventType } from '../../platform/event.ts'
import { outboxEvent, type OutboxEvent } from '../../platform/outbox.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Cart, CartEvent, CartLine } from '../domain/cart.ts'

const types = {
  item_added: eventType(CartItemAddedSchema),
  item_changed: eventType(CartItemChangedSchema),
  item_removed: eventType(CartItemRemovedSchema),
  cleared: eventType(CartClearedSchema),
  delivery_changed: eventType(CartDeliveryChangedSchema),
  promotions_changed: eventType(CartPromotionsChangedSchema),
  merged: eventType(CartMergedSchema),
  locked: eventType(CartLockedSchema),
  reopened: eventType(CartReopenedSchema),
  ordered: eventType(CartOrderedSchema),
  abandoned: eventType(CartAbandonedSchema),
} as const

/** Ids and quantities only: attributes, codes and addresses may tell of a person. */
export function encodeCartEvent(event: CartEvent, trace: Trace): OutboxEvent {
  const { cart } = event
  const of = { cartId: cart.id, userId: cart.userId }
  switch (event.type) {
    case 'item_added': {
      const data = { ...of, line: lineJson(event.line), added: event.added }
      return outboxEvent(types.item_added, factOf(cart, data), trace)
    }
    case 'item_changed':
      return outboxEvent(types.item_changed, factOf(cart, { ...of, line: lineJson(event.line) }), trace)
    case 'item_removed':
      return outboxEvent(types.item_removed, factOf(cart, { ...of, line: lineJson(event.line) }), trace)
    case 'merged': {
      const { source, target } = event
      const data = { ...of, sourceCartId: source, targetCartId: target, lines: event.lines.map(lineJson) }
      return outboxEvent(types.merged, factOf(cart, data), trace)
    }
    case 'locked':
      return outboxEvent(types.locked, factOf(cart, { ...of, orderId: cart.order?.orderId ?? '' }), trace)
    case 'ordered':
      return outboxEvent(types.ordered, factOf(cart, { ...of, orderId: cart.order?.orderId ?? '' }), trace)
    case 'abandoned':
      return outboxEvent(types.abandoned, factOf(cart, { ...of, lines: cart.lines.map(lineJson) }), trace)
    case 'cleared':
      return outboxEvent(types.cleared, factOf(cart, of), trace)
    case 'delivery_changed':
      return outboxEvent(types.delivery_changed, factOf(cart, of), trace)
    case 'promotions_changed':
      return outboxEvent(types.promotions_changed, factOf(cart, of), trace)
    case 'reopened':
      return outboxEvent(types.reopened, factOf(cart, of), trace)
  }
}

const factOf = <Data>({ id, version, updatedAt }: Cart, data: Data) => ({
  aggregateType: 'cart',
  aggregateId: id,
  aggregateVersion: version,
  occurredAt: updatedAt,
  data,
})

const lineJson = ({ lineId, productId, quantity }: CartLine): Wire<typeof CartLineSchema> => ({
  lineId,
  productId,
  quantity,
})

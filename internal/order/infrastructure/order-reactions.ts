import {
  OrderCanceledSchema,
  OrderCreatedSchema,
  OrderExpiredSchema,
  OrderPaidSchema,
  OrderRejectedSchema,
  OrderRevivedSchema,
} from '../../gen/order/v1/events_pb.ts'
import {
  ReturnReceivedSchema,
  ReturnRefundedSchema,
  ShipmentCanceledSchema,
  ShipmentPackedSchema,
} from '../../gen/order/v1/fulfilment_events_pb.ts'
import { PaymentLateSchema } from '../../gen/payment/v1/events_pb.ts'
import { eventType } from '../../platform/event.ts'
import { reactTo, reactToAny, type Delivered, type React } from '../../platform/reaction.ts'
import { Refusal } from '../../platform/refusal.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { capturePacked } from '../application/capture-packed.ts'
import type { closeEndedOrders } from '../application/close-ended-orders.ts'
import type { bookReturnedGoods, ToldReturn } from '../application/book-returned-goods.ts'
import type { creditGoods } from '../application/credit-goods.ts'
import type { issueReceipts } from '../application/issue-receipts.ts'
import type { keepMoney } from '../application/keep-money.ts'
import type { releaseCanceledOrders, releaseUnneeded } from '../application/release-canceled-orders.ts'
import type { reviveWithLateMoney } from '../application/revive-orders.ts'
import type { settleCreatedOrders } from '../application/settle-created-orders.ts'
import type { CanceledOrder, CreatedOrder, ToldOrder } from '../application/stock.ts'
import type { OrderId, ProductId } from '../domain/order.ts'
import type { ReturnId } from '../domain/goods-back.ts'
import { parseMoney } from './parse-money.ts'

// Whoever can publish may have written a message. It is parsed only here; all other code trusts the parsed values to be
// of the right form. What they say is believed nowhere: the order is read, and the payments are asked.

/** Ten times the limit for a line of an order, and far below the largest integer of PostgreSQL. */
const maxQuantity = 1_000_000
const maxLines = 10_000

export type OrderReactions = {
  readonly settle: ReturnType<typeof settleCreatedOrders>
  readonly release: ReturnType<typeof releaseCanceledOrders>
  readonly shrink: ReturnType<typeof releaseUnneeded>
  readonly book: ReturnType<typeof bookReturnedGoods>
  readonly credit: ReturnType<typeof creditGoods>
  readonly keep: ReturnType<typeof keepMoney>
  readonly revive: ReturnType<typeof reviveWithLateMoney>
  readonly issue: ReturnType<typeof issueReceipts>
  readonly close: ReturnType<typeof closeEndedOrders>
  readonly capture: ReturnType<typeof capturePacked>
}

export function orderReactions(does: OrderReactions): Readonly<Record<OrderReaction, React>> {
  return {
    'settle-created': reactTo(eventType(OrderCreatedSchema), parseCreatedOrder, does.settle),
    'release-canceled': reactTo(eventType(OrderCanceledSchema), parseCanceledOrder, does.release),
    'close-canceled': reactTo(eventType(OrderCanceledSchema), parseCanceledOrder, does.close),
    'close-rejected': reactTo(eventType(OrderRejectedSchema), parseCanceledOrder, does.close),
    'release-expired': reactTo(eventType(OrderExpiredSchema), parseCanceledOrder, does.shrink),
    'release-short': reactTo(eventType(ShipmentPackedSchema), parseOrderNamed, does.shrink),
    'release-unpacked': reactTo(eventType(ShipmentCanceledSchema), parseOrderNamed, does.shrink),
    'book-returned': reactTo(eventType(ReturnReceivedSchema), parseReturn, does.book),
    'credit-short': reactTo(eventType(ShipmentPackedSchema), parseOrderNamed, does.credit),
    'capture-packed': reactTo(eventType(ShipmentPackedSchema), parseOrderNamed, does.capture),
    'credit-unpacked': reactTo(eventType(ShipmentCanceledSchema), parseOrderNamed, does.credit),
    'credit-returned': reactTo(eventType(ReturnRefundedSchema), parseOrderNamed, does.credit),
    'issue-receipt': reactTo(eventType(OrderPaidSchema), parseCanceledOrder, does.issue),
    'issue-revived': reactTo(eventType(OrderRevivedSchema), parseCanceledOrder, does.issue),
    'keep-payments': reactToAny(parseMoney, does.keep),
    'keep-refunds': reactToAny(parseMoney, does.keep),
    'keep-disputes': reactToAny(parseMoney, does.keep),
    'revive-late': reactTo(eventType(PaymentLateSchema), parseMoney, does.revive),
  }
}

type OrderReaction =
  | 'settle-created'
  | 'release-canceled'
  | 'close-canceled'
  | 'close-rejected'
  | 'release-expired'
  | 'release-short'
  | 'release-unpacked'
  | 'book-returned'
  | 'credit-short'
  | 'capture-packed'
  | 'credit-unpacked'
  | 'credit-returned'
  | 'issue-receipt'
  | 'issue-revived'
  | 'keep-payments'
  | 'keep-refunds'
  | 'keep-disputes'
  | 'revive-late'

/** An event of something that belongs to an order. */
function parseOrderNamed({ data, trace }: Delivered): ToldOrder {
  const orderId = parseUuid(data.orderId, 'message.invalid-order-id', 'orderId') as OrderId
  return { orderId, trace }
}

function parseReturn({ data, trace }: Delivered): ToldReturn {
  const returnId = parseUuid(data.returnId, 'message.invalid-return-id', 'returnId') as ReturnId
  return { returnId, trace }
}

export function parseCreatedOrder({ data, trace }: Delivered): CreatedOrder {
  const order = record(data.order, 'order')
  const items: unknown = order.items
  if (!Array.isArray(items) || items.length === 0 || items.length > maxLines) {
    throw new Refusal('invalid', 'message.invalid-items', 'order.items must be a list of items')
  }
  return { orderId: orderIdOf(order), lines: items.map(lineOf), trace }
}

export function parseCanceledOrder({ data, trace }: Delivered): CanceledOrder {
  return { orderId: orderIdOf(record(data.order, 'order')), trace }
}

function lineOf(item: unknown): CreatedOrder['lines'][number] {
  const { productId, quantity } = record(item, 'an item')
  if (!Number.isSafeInteger(quantity) || (quantity as number) < 1 || (quantity as number) > maxQuantity) {
    throw new Refusal(
      'invalid',
      'message.invalid-quantity',
      `a quantity must be a whole number from 1 to ${maxQuantity}`,
    )
  }
  return {
    productId: parseUuid(productId, 'message.invalid-product-id', 'a productId') as ProductId,
    quantity: quantity as number,
  }
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('invalid', 'message.invalid', `${what} must be an object`)
  }
  return value as Readonly<Record<string, unknown>>
}

function orderIdOf(order: Readonly<Record<string, unknown>>): OrderId {
  return parseUuid(order.id, 'message.invalid-order-id', 'order.id') as OrderId
}

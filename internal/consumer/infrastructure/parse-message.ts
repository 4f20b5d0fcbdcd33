import type { JsMsg } from '@nats-io/jetstream'
import type { Trace } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { CanceledOrder, CreatedOrder, OrderId, ProductId } from '../domain/created-order.ts'

// The one place where a message from outside becomes a value that the rest trusts.

/** Ten times what a line of an order may hold, and far below what PostgreSQL's integer takes. */
const maxQuantity = 1_000_000
const maxLines = 10_000

export function parseCreatedOrder(message: JsMsg): CreatedOrder {
  const order = orderOf(message, 'tillstream.order.created.v1')
  const items: unknown = order.items
  if (!Array.isArray(items) || items.length === 0 || items.length > maxLines) {
    throw new Refusal('invalid', 'message.invalid-items', 'order.items must be a list of items')
  }
  return { orderId: orderIdOf(order), lines: items.map(lineOf), trace: traceFrom(message) }
}

export function parseCanceledOrder(message: JsMsg): CanceledOrder {
  return { orderId: orderIdOf(orderOf(message, 'tillstream.order.canceled.v1')), trace: traceFrom(message) }
}

function orderOf(message: JsMsg, type: string): Readonly<Record<string, unknown>> {
  const told = message.headers?.get('ce-type') || ''
  if (told !== type) throw new Refusal('invalid', 'message.wrong-type', `ce-type must be ${type}`)
  if (!message.headers?.get('ce-id')) throw new Refusal('invalid', 'message.no-id', 'ce-id is missing')
  const { order } = record(json(message), 'the message')
  return record(order, 'order')
}

function json(message: JsMsg): unknown {
  try {
    return message.json()
  } catch {
    throw new Refusal('invalid', 'message.not-json', 'the message is not JSON')
  }
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

function traceFrom({ headers }: JsMsg): Trace {
  return {
    correlationId: headers?.get('ce-correlationid') || '',
    causationId: headers?.get('ce-id') || '',
    traceparent: headers?.get('traceparent') || '',
  }
}

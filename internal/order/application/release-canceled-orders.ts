import { Refusal } from '../../platform/refusal.ts'
import type { Order, OrderId, OrderLine, OrderStatus } from '../domain/order.ts'
import type { Orders } from './orders.ts'
import { unknownOrder } from './settle-created-orders.ts'
import type { HoldSize, Stock, ToldOrder } from './stock.ts'

type Deps = { readonly stock: Stock; readonly orders: Orders }

/**
 * Releases the stock of canceled orders and then marks the orders as released. Both may be repeated, because the
 * inventory is told how much is to stay: what was packed. That an order is canceled is read from the order: a message
 * that says so and is not true releases nothing. Answers for each order with the refusal of its message.
 */
export function releaseCanceledOrders(deps: Deps) {
  const shrink = shrinkHolds(deps)
  return async (told: readonly ToldOrder[]): Promise<readonly (Refusal | undefined)[]> => {
    const found = await shrink(told)
    return told.map(({ orderId }, index) => {
      const order = found[index]
      if (!order) return unknownOrder(orderId)
      return order.status === 'canceled' ? undefined : notCanceled(order)
    })
  }
}

/** The same for orders that were shortened, or whose parcel was unpacked after they had ended. */
export function releaseUnneeded(deps: Deps) {
  const shrink = shrinkHolds(deps)
  return async (told: readonly ToldOrder[]): Promise<readonly (Refusal | undefined)[]> => {
    const found = await shrink(told)
    return told.map(({ orderId }, index) => (found[index] ? undefined : unknownOrder(orderId)))
  }
}

/** Gives back what is held beyond what the orders need. Returns the orders as they were found. */
function shrinkHolds({ stock, orders }: Deps) {
  return async (told: readonly ToldOrder[]): Promise<readonly (Order | undefined)[]> => {
    const found = await Promise.all(told.map(({ orderId }) => orders.find(orderId)))
    const waiting = told.flatMap(({ trace }, index) => {
      const order = found[index]
      return order?.awaitingRelease === true ? [{ order, trace }] : []
    })
    if (waiting.length > 0) {
      await stock.release(waiting.map(({ order, trace }) => ({ ...holdSizeOf(order), trace })))
      await orders.markReleased(waiting.map(({ order: { id, revision } }) => ({ id, revision })))
    }
    return found
  }
}

const ended: readonly OrderStatus[] = ['canceled', 'rejected', 'expired']

/** An order that has ended keeps what was packed; one that goes on also what is still to be packed. */
export function holdSizeOf({ id, status, lines, holdNo }: Order): Omit<HoldSize, 'trace'> {
  const isOver = ended.includes(status)
  const unitsOf = (count: (line: OrderLine) => number) =>
    lines
      .map((line) => ({ productId: line.productId, quantity: count(line) }))
      .filter(({ quantity }) => quantity > 0)
  return {
    orderId: id,
    kept: unitsOf(({ quantity, packed, canceled }) => (isOver ? packed : quantity - canceled)),
    short: unitsOf(({ canceled }) => canceled),
    goesOn: !isOver,
    holdNo,
  }
}

const notCanceled = ({ id, status }: { readonly id: OrderId; readonly status: string }): Refusal =>
  new Refusal('invalid', 'message.not-canceled', `order ${id} is ${status} and not canceled`)

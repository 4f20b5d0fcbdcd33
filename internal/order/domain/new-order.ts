import { lineIdOf } from './line-id.ts'
import type { Order, OrderId, OrderLine, ProductId, UserId } from './order.ts'

export type NewLine = {
  readonly productId: ProductId
  readonly sku: string
  readonly name: string
  readonly quantity: number
  readonly unitPriceMinor: bigint
}

export type NewOrder = {
  readonly id: OrderId
  /** Undefined for a guest. */
  readonly userId: UserId | undefined
  readonly lines: readonly NewLine[]
  readonly totalMinor: bigint
  readonly currency: string
  readonly holdUntil: Date | undefined
}

const noUnits = { packed: 0, shipped: 0, canceled: 0, returned: 0 }

/** An order as it is before anything has happened to it. */
export function newOrder({ id, lines, ...rest }: NewOrder, at: Date): Order {
  return {
    ...rest,
    id,
    status: 'pending',
    lines: lines.map((line, index): OrderLine => ({ id: lineIdOf(id, index + 1), ...line, ...noUnits })),
    createdAt: at,
    updatedAt: at,
    history: [{ status: 'pending', at, reason: '' }],
    version: 1,
    revision: 0,
    awaitingRelease: false,
    awaitingCart: false,
    fulfilmentStatus: 'none',
    returnStatus: 'none',
    paymentStatus: 'unpaid',
    moneyTaken: false,
    gateVersion: 0,
    closing: undefined,
    ...{ holdNo: 1, reviving: undefined },
    terms: undefined,
    buyer: undefined,
    firstPayment: undefined,
  }
}

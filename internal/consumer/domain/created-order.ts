import type { Brand } from '../../platform/brand.ts'
import type { Trace } from '../../platform/call.ts'

export type OrderId = Brand<string, 'OrderId'>
export type ProductId = Brand<string, 'ProductId'>

/** What order.created asks of the inventory. */
export type CreatedOrder = {
  readonly orderId: OrderId
  readonly lines: readonly { readonly productId: ProductId; readonly quantity: number }[]
  readonly trace: Trace
}

export type CanceledOrder = { readonly orderId: OrderId; readonly trace: Trace }

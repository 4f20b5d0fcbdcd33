import { CartItemAddedSchema, CartLockedSchema, CartOrderedSchema } from '../../gen/cart/v1/events_pb.ts'
import { OrderConfirmedSchema, OrderPaidSchema, OrderRevivedSchema } from '../../gen/order/v1/events_pb.ts'
import { RefundSucceededSchema } from '../../gen/payment/v1/events_pb.ts'
import { reaction, type Reaction } from '../../platform/reaction.ts'

export const events = {
  'count-confirmed': OrderConfirmedSchema,
  'count-paid': OrderPaidSchema,
  'count-revived': OrderRevivedSchema,
  'count-refunded': RefundSucceededSchema,
  'count-carted': CartItemAddedSchema,
  'count-checked-out': CartLockedSchema,
  'count-cart-ordered': CartOrderedSchema,
} as const

/** What is counted of the shop's events; the gateways tell of visits themselves. */
export const reactions: readonly Reaction[] = Object.entries(events).map(([name, message]) =>
  reaction(name, message),
)

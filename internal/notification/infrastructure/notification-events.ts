import { CartAbandonedSchema } from '../../gen/cart/v1/events_pb.ts'
import { DeadLetterAddedSchema } from '../../gen/consumer/v1/events_pb.ts'
import { StockLowSchema } from '../../gen/inventory/v1/events_pb.ts'
import { file_order_v1_events } from '../../gen/order/v1/events_pb.ts'
import { file_order_v1_fulfilment_events } from '../../gen/order/v1/fulfilment_events_pb.ts'
import { NotificationEndpointPausedSchema } from '../../gen/notification/v1/events_pb.ts'
import {
  DisputeLostSchema,
  DisputeOpenedSchema,
  PaymentFailedSchema,
  PaymentMismatchSchema,
  RefundSucceededSchema,
} from '../../gen/payment/v1/events_pb.ts'
import { ReceiptIssuedSchema } from '../../gen/payment/v1/receipt_events_pb.ts'
import {
  UserCreatedSchema,
  UserEmailVerificationRequestedSchema,
  UserPasswordResetRequestedSchema,
} from '../../gen/user/v1/events_pb.ts'
import { reaction, reactionToAll, type Reaction } from '../../platform/reaction.ts'

export const events = {
  userCreated: UserCreatedSchema,
  verificationRequested: UserEmailVerificationRequestedSchema,
  resetRequested: UserPasswordResetRequestedSchema,
  paymentFailed: PaymentFailedSchema,
  refundSucceeded: RefundSucceededSchema,
  receiptIssued: ReceiptIssuedSchema,
  cartAbandoned: CartAbandonedSchema,
  paymentMismatch: PaymentMismatchSchema,
  disputeOpened: DisputeOpenedSchema,
  disputeLost: DisputeLostSchema,
  endpointPaused: NotificationEndpointPausedSchema,
  deadLetterAdded: DeadLetterAddedSchema,
  stockLow: StockLowSchema,
} as const

/** Families where several events of them are told: each reaction is a subscription at the broker. */
export const reactions: readonly Reaction[] = [
  reactionToAll('tell-orders', file_order_v1_events, 'order'),
  reactionToAll('tell-shipments', file_order_v1_fulfilment_events, 'shipment'),
  reactionToAll('tell-returns', file_order_v1_fulfilment_events, 'return'),
  reaction('tell-welcome', events.userCreated),
  reaction('tell-verification', events.verificationRequested),
  reaction('tell-reset', events.resetRequested),
  reaction('tell-payment-failed', events.paymentFailed),
  reaction('tell-refunded', events.refundSucceeded),
  reaction('tell-receipt', events.receiptIssued),
  reaction('tell-abandoned', events.cartAbandoned),
  reaction('tell-mismatch', events.paymentMismatch),
  reaction('tell-dispute-opened', events.disputeOpened),
  reaction('tell-dispute-lost', events.disputeLost),
  reaction('tell-endpoint-paused', events.endpointPaused),
  reaction('tell-dead-letter', events.deadLetterAdded),
  reaction('tell-low-stock', events.stockLow),
]

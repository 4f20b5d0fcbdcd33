import { CartService } from '../gen/cart/v1/cart_pb.ts'
import { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import {
  OrderCanceledSchema,
  OrderCreatedSchema,
  OrderExpiredSchema,
  OrderPaidSchema,
  OrderRejectedSchema,
  OrderRevivedSchema,
} from '../gen/order/v1/events_pb.ts'
import {
  ReturnReceivedSchema,
  ReturnRefundedSchema,
  ShipmentCanceledSchema,
  ShipmentPackedSchema,
} from '../gen/order/v1/fulfilment_events_pb.ts'
import { OrderService } from '../gen/order/v1/order_pb.ts'
import { file_payment_v1_events, PaymentLateSchema } from '../gen/payment/v1/events_pb.ts'
import { PaymentService } from '../gen/payment/v1/payment_pb.ts'
import { PricingService } from '../gen/pricing/v1/pricing_pb.ts'
import { UserErasedSchema } from '../gen/user/v1/events_pb.ts'
import { UserService } from '../gen/user/v1/user_pb.ts'
import { callerMethods } from '../platform/callers/caller-methods.ts'
import { grpcSettings } from '../platform/grpc-settings.ts'
import { reaction, reactionToAll } from '../platform/reaction.ts'
import { defineService } from '../platform/service-definition.ts'
import { integer, optionalInteger } from '../platform/settings.ts'

const daySeconds = 86_400
const grpc = { variable: 'ORDER_GRPC_ADDR', usualPort: 50_052 }

export const orderService = defineService({
  name: 'order',
  about: 'Orders, their lines and the history of their status; shipments and returns.',
  schema: 'orders',
  contract: OrderService,
  needs: {
    user: { contract: UserService, methods: ['listErasures', 'confirmErasures', ...callerMethods] },
    inventory: {
      contract: InventoryService,
      methods: ['quoteProducts', 'reserveStock', 'releaseStock', 'bookReturns', 'replaceGoods'],
    },
    payment: {
      contract: PaymentService,
      methods: [
        'assignSuspense',
        'beginPayment',
        'captureForGoods',
        'closeGate',
        'creditGoods',
        'issueReceipt',
        'listGates',
        'listPayments',
        'listPaymentsOfOrders',
        'listPaymentMethods',
        'listReceipts',
        'recordOffline',
        'reopenGate',
        'takeOverOrders',
      ],
    },
    cart: {
      contract: CartService,
      methods: ['getCart', 'lockCart', 'unlockCart', 'orderCart', 'listLockedCarts'],
    },
    pricing: {
      contract: PricingService,
      methods: ['quote', 'reserveRedemptions', 'releaseRedemptions', 'confirmRedemptions'],
    },
  },
  grpc,
  settings: {
    ...grpcSettings(grpc),
    orderHoldSeconds: optionalInteger(
      'ORDER_HOLD_SECONDS',
      { min: 1, max: 31_536_000 },
      'Orders of `POST /orders` that nobody has paid for expire after so many seconds, and their stock comes back. ' +
        'Empty: they never do.',
    ),
    paymentHoldSeconds: integer(
      'PAYMENT_HOLD_SECONDS',
      900,
      { min: 1, max: 31_536_000 },
      'How long the stock of a checkout is held for its payment.',
    ),
    paymentActionHoldSeconds: integer(
      'PAYMENT_ACTION_HOLD_SECONDS',
      3_600,
      { min: 1, max: 31_536_000 },
      "The same, counted from the checkout, for a customer who is at a provider's page.",
    ),
    offlineHoldDays: optionalInteger(
      'OFFLINE_HOLD_DAYS',
      { min: 1, max: 365 },
      'The same for a method that is paid outside of providers, such as an invoice. Empty: without an end.',
    ),
    withdrawalDays: integer(
      'WITHDRAWAL_DAYS',
      14,
      { min: 0, max: 365 },
      'How long consumers may withdraw after all of their goods have arrived. 0: not at all, for shops of businesses.',
    ),
    maxUnpaidUnits: optionalInteger(
      'MAX_UNPAID_UNITS_PER_ACCOUNT',
      { min: 1, max: 1_000_000_000 },
      'The most units in open orders of one account that are not paid; more are refused. Empty: without a bound.',
    ),
  },
  aggregates: [
    { type: 'order', sql: 'select id, version, created_at, updated_at from orders.orders' },
    { type: 'shipment', sql: 'select id, version, created_at, updated_at from orders.shipments' },
    { type: 'return', sql: 'select id, version, created_at, updated_at from orders.returns' },
  ],
  reactions: [
    reaction('settle-created', OrderCreatedSchema),
    reaction('release-canceled', OrderCanceledSchema),
    reaction('close-canceled', OrderCanceledSchema),
    reaction('close-rejected', OrderRejectedSchema),
    reaction('release-expired', OrderExpiredSchema),
    reaction('release-short', ShipmentPackedSchema),
    reaction('release-unpacked', ShipmentCanceledSchema),
    reaction('book-returned', ReturnReceivedSchema),
    reaction('credit-short', ShipmentPackedSchema),
    reaction('capture-packed', ShipmentPackedSchema),
    reaction('credit-unpacked', ShipmentCanceledSchema),
    reaction('credit-returned', ReturnRefundedSchema),
    reaction('issue-receipt', OrderPaidSchema),
    reaction('issue-revived', OrderRevivedSchema),
    reactionToAll('keep-payments', file_payment_v1_events, 'payment'),
    reactionToAll('keep-refunds', file_payment_v1_events, 'refund'),
    reactionToAll('keep-disputes', file_payment_v1_events, 'dispute'),
    reaction('revive-late', PaymentLateSchema),
    reaction('erase-order', UserErasedSchema),
  ],
  async open(scope, { log, database, needs, settings, wakeProducer }) {
    const { openOrderService } = await import('./open-order-service.ts')
    return openOrderService(scope, {
      ...{ log, database, wakeProducer, ...needs },
      holdSeconds: settings.orderHoldSeconds,
      paymentHoldSeconds: settings.paymentHoldSeconds,
      actionHoldSeconds: settings.paymentActionHoldSeconds,
      offlineHoldSeconds: settings.offlineHoldDays && settings.offlineHoldDays * daySeconds,
      ...{ withdrawalDays: settings.withdrawalDays, maxUnpaidUnits: settings.maxUnpaidUnits },
    })
  },
})

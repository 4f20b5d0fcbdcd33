import type { ConsumerService } from '../../gen/consumer/v1/consumer_pb.ts'
import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { OrderSchema, OrderService } from '../../gen/order/v1/order_pb.ts'
import type { PaymentSchema, PaymentService } from '../../gen/payment/v1/payment_pb.ts'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Call } from '../../platform/call.ts'
import type { Handlers, Health } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'

// Fake services return well-formed answers without doing anything, and record what they were asked.

export const ids = {
  customer: '01920000-0000-7000-8000-00000000000c',
  admin: '01920000-0000-7000-8000-00000000000a',
  product: '01920000-0000-7000-8000-0000000000f0',
  order: '01920000-0000-7000-8000-0000000000e0',
  payment: '01920000-0000-7000-8000-0000000000b0',
  letter: '01920000-0000-7000-8000-0000000000d0',
}

const time = '2026-11-20T08:00:00.000Z'

export const user = {
  id: ids.customer,
  username: 'ada',
  email: 'ada@example.com',
  role: 'customer',
  name: 'Ada',
  phone: '',
  address: '',
  createdAt: time,
  updatedAt: time,
}

export const product = {
  id: ids.product,
  sku: 'MUG-1',
  name: 'Mug',
  category: 'kitchen',
  description: '',
  images: ['https://example.com/mug.png'],
  priceMinor: '99999',
  currency: 'USD',
  stock: 7,
  version: 3,
  createdAt: time,
  updatedAt: time,
}

export const order: Wire<typeof OrderSchema> = {
  id: ids.order,
  userId: ids.customer,
  status: 'pending',
  items: [{ productId: ids.product, sku: 'MUG-1', name: 'Mug', quantity: 2, unitPriceMinor: '99999' }],
  totalMinor: '199998',
  currency: 'USD',
  createdAt: time,
  updatedAt: time,
  history: [{ status: 'pending', at: time, reason: '' }],
  version: 1,
}

export const payment: Wire<typeof PaymentSchema> = {
  ...{ id: ids.payment, orderId: ids.order, userId: ids.customer, status: 'captured', method: 'card' },
  ...{
    amountMinor: '199998',
    authorizedMinor: '0',
    capturedMinor: '199998',
    refundedMinor: '0',
    currency: 'USD',
  },
  ...{ actionUrl: '', failureCode: '', failureMessage: '', createdAt: time, updatedAt: time, endsAt: '' },
}

export const deadLetter = {
  id: ids.letter,
  subscription: 'orders',
  stream: 'ORDERS',
  streamSequence: '9007199254740991',
  subject: 'order.created',
  eventId: '',
  status: 'open',
  code: 'message.not-json',
  error: 'not JSON',
  deliveries: 1,
  deadAt: time,
  data: '{',
  headers: [{ name: 'ce-id', value: 'x' }],
  resolution: '',
  requeues: 0,
}

export type Services = {
  readonly users: Handlers<typeof UserService>
  readonly inventory: Handlers<typeof InventoryService>
  readonly orders: Handlers<typeof OrderService>
  readonly payments: Handlers<typeof PaymentService>
  readonly consumer: Handlers<typeof ConsumerService>
}

export type Asked = { readonly method: string; readonly request: unknown; readonly call: Call }

/** Methods in `overrides` replace those of the fakes. */
export function fakeServices(
  overrides: { readonly [Name in keyof Services]?: Partial<Services[Name]> } = {},
) {
  const asked: Asked[] = []
  const services: Services = {
    users: { ...users, ...overrides.users },
    inventory: { ...inventory, ...overrides.inventory },
    orders: { ...orders, ...overrides.orders },
    payments: { ...payments, ...overrides.payments },
    consumer: { ...consumer, ...overrides.consumer },
  }
  return {
    users: recorded(services.users, asked),
    inventory: recorded(services.inventory, asked),
    orders: recorded(services.orders, asked),
    payments: recorded(services.payments, asked),
    consumer: recorded(services.consumer, asked),
    asked,
  }
}

type AnyHandler = (request: unknown, call: Call) => Promise<unknown>

function recorded<Service extends object>(service: Service, asked: Asked[]): Service {
  const entries = Object.entries(service as Record<string, AnyHandler>).map(([method, handler]) => {
    const recording: AnyHandler = async (request, call) => {
      asked.push({ method, request, call })
      return handler(request, call)
    }
    return [method, recording]
  })
  return Object.fromEntries(entries) as Service // the same methods
}

const users: Services['users'] = {
  registerUser: async () => ({ user, replayed: false }),
  logIn: async () => ({ user }),
  findAccount: async ({ login }) => ({
    id: /^ada(@example\.com)?$/i.test(login) ? ids.customer : '',
  }),
  getUser: async () => ({ user }),
  updateProfile: async () => ({ user }),
}

const inventory: Services['inventory'] = {
  createProduct: async () => ({ product, replayed: false }),
  updateProduct: async () => ({ product }),
  deleteProduct: async () => ({}),
  getProduct: async () => ({ product }),
  listProducts: async () => ({ products: [product], nextKey: 'k', nextId: ids.product }),
  getStock: async () => ({ levels: [{ productId: ids.product, available: 7 }] }),
  adjustStock: async () => ({ level: { productId: ids.product, available: 12 }, replayed: false }),
  quoteProducts: async () => ({ quotes: [] }),
  reserveStock: async () => ({ decisions: [] }),
  releaseStock: async () => ({}),
}

const orders: Services['orders'] = {
  placeOrder: async () => ({ order, replayed: false }),
  getOrder: async () => ({ order }),
  listOrders: async () => ({ orders: [order], nextId: ids.order }),
  cancelOrder: async () => ({ order: { ...order, status: 'canceled' }, replayed: false }),
  changeOrderStatus: async () => ({ order: { ...order, status: 'paid' } }),
}

const gate = {
  ...{ orderId: ids.order, status: 'open', version: 2, dueMinor: '199998', authorizedMinor: '0' },
  ...{ capturedMinor: '199998', refundedMinor: '0', pendingMinor: '0', currency: 'USD', covered: true },
}

const refund = {
  ...{ id: ids.letter, orderId: ids.order, paymentId: ids.payment, status: 'requested', amountMinor: '500' },
  ...{ currency: 'USD', lines: [], reason: 'returned', createdAt: time },
}

const payments: Services['payments'] = {
  beginPayment: async () => ({ payment, gate, replayed: false }),
  closeGate: async () => ({ outcome: 'covered', gate }),
  reopenGate: async () => ({ gate }),
  refundOrder: async () => ({ refunds: [refund], gate }),
  recordOffline: async () => ({ payment, gate }),
  getPayment: async () => ({ payment }),
  listPayments: async () => ({ payments: [payment] }),
  listPaymentMethods: async () => ({ methods: [{ id: 'card', name: 'Card', kind: 'card' }] }),
  capturePayment: async () => ({ payment, replayed: false }),
  voidPayment: async () => ({ payment, replayed: false }),
  refundPayment: async () => ({ refund, replayed: false }),
  receiveWebhook: async () => ({}),
  listDeadWebhooks: async () => ({ webhooks: [] }),
  requeueWebhook: async () => ({}),
}

const consumer: Services['consumer'] = {
  listDeadLetters: async () => ({ deadLetters: [deadLetter] }),
  getDeadLetter: async () => ({ deadLetter }),
  requeueDeadLetter: async () => ({ deadLetter: { ...deadLetter, status: 'requeued' }, replayed: false }),
  discardDeadLetter: async () => ({ deadLetter: { ...deadLetter, status: 'discarded' }, replayed: false }),
  runAudit: async () => ({ invariants: [{ name: 'stock', checked: 3, violations: 0, offenders: [] }] }),
}

export const healthy: Health = {
  checkReadiness: async () => ({ checks: [{ name: 'database', ready: true, detail: '' }] }),
  readGauges: async () => ({ gauges: [] }),
}

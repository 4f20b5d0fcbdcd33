import type { CartSchema, CartService } from '../../gen/cart/v1/cart_pb.ts'
import type { ConsumerService } from '../../gen/consumer/v1/consumer_pb.ts'
import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { NotificationService } from '../../gen/notification/v1/notification_pb.ts'
import type { OrderSchema, OrderService, ReturnSchema, ShipmentSchema } from '../../gen/order/v1/order_pb.ts'
import type { PaymentSchema, PaymentService, ReceiptSchema } from '../../gen/payment/v1/payment_pb.ts'
import type { PricingService } from '../../gen/pricing/v1/pricing_pb.ts'
import type { AnalyticsService } from '../../gen/analytics/v1/analytics_pb.ts'
import type { SearchService } from '../../gen/search/v1/search_pb.ts'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Call } from '../../platform/call.ts'
import type { Handlers, Health } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import { fakeNotifications as notifications } from './fake-notifications.ts'
import { fakePricing as pricing } from './fake-pricing.ts'

// Fake services return well-formed answers without doing anything, and record what they were asked.

export const ids = {
  customer: '01920000-0000-7000-8000-00000000000c',
  admin: '01920000-0000-7000-8000-00000000000a',
  product: '01920000-0000-7000-8000-0000000000f0',
  image: '01920000-0000-7000-8000-0000000000f1',
  category: '01920000-0000-7000-8000-0000000000f2',
  family: '01920000-0000-7000-8000-0000000000f3',
  order: '01920000-0000-7000-8000-0000000000e0',
  line: '01920000-0000-7000-8000-0000000000e1',
  payment: '01920000-0000-7000-8000-0000000000b0',
  letter: '01920000-0000-7000-8000-0000000000d0',
  cart: '01920000-0000-7000-8000-0000000000c0',
  cartLine: '01920000-0000-7000-8000-0000000000c1',
}

const time = '2026-11-20T08:00:00.000Z'

export const user = {
  id: ids.customer,
  username: 'ada',
  email: 'ada@example.com',
  emailVerified: true,
  secondFactor: false,
  role: 'customer',
  name: 'Ada',
  phone: '',
  address: '',
  createdAt: time,
  updatedAt: time,
}

/** The same as the user service tells it. */
export const account = { ...user, blocked: false, permissions: [] }

/** Tokens of this session are good while the tests run. */
const loggedInAt = new Date()

export const session = {
  ...{ id: '01920000-0000-7000-8000-0000000000a1', generation: 1, accessVersion: 1 },
  ...{ createdAt: time, refreshedAt: loggedInAt.toISOString() },
  expiresAt: new Date(loggedInAt.getTime() + 86_400_000).toISOString(),
  ...{ client: 'browser', address: '192.0.2.1' },
}

export const product = {
  id: ids.product,
  sku: 'MUG-1',
  name: 'Mug',
  category: 'kitchen',
  description: '',
  images: ['https://example.com/mug.png'],
  uploadedImages: [],
  priceMinor: '99999',
  currency: 'USD',
  stock: 7,
  version: 3,
  createdAt: time,
  updatedAt: time,
}

export const category = {
  ...{ id: ids.category, name: 'teapots', path: 'kitchen/teapots', parentId: ids.product },
  ...{ attributes: [{ name: 'material', type: 'string' }], version: 2, createdAt: time, updatedAt: time },
}

export const family = {
  ...{ id: ids.family, name: 'Shirt', options: ['size', 'colour'], version: 2 },
  ...{ createdAt: time, updatedAt: time },
}

export const member = {
  ...{ productId: ids.product, sku: 'SHIRT-M', name: 'Shirt M', options: { size: 'M', colour: 'red' } },
  ...{ priceMinor: '1999', currency: 'USD', stock: 7 },
}

export const order: Wire<typeof OrderSchema> = {
  flags: [],
  id: ids.order,
  userId: ids.customer,
  status: 'pending',
  items: [
    {
      lineId: ids.line,
      productId: ids.product,
      sku: 'MUG-1',
      name: 'Mug',
      quantity: 2,
      unitPriceMinor: '99999',
    },
  ],
  totalMinor: '199998',
  currency: 'USD',
  createdAt: time,
  updatedAt: time,
  history: [{ status: 'pending', at: time, reason: '' }],
  version: 1,
  ...{ terms: [], buyer: [] },
}

export const shipment: Wire<typeof ShipmentSchema> = {
  id: '01920000-0000-7000-8000-0000000000b0',
  orderId: ids.order,
  status: 'shipped',
  lines: [{ lineId: ids.line, productId: ids.product, quantity: 1 }],
  carrier: 'Post',
  trackingNumber: 'T-1',
  trackingUrl: 'https://post.example/T-1',
  history: [{ status: 'shipped', at: time }],
  version: 2,
}

export const goodsBack: Wire<typeof ReturnSchema> = {
  id: '01920000-0000-7000-8000-0000000000b1',
  orderId: ids.order,
  status: 'requested',
  lines: [
    { lineId: ids.line, productId: ids.product, quantity: 1, reason: 'broken', resellable: 0, damaged: 0 },
  ],
  history: [{ status: 'requested', at: time }],
  version: 1,
  money: 'none',
}

export const cart: Wire<typeof CartSchema> = {
  id: ids.cart,
  version: 3,
  status: 'abandoned',
  currency: 'USD',
  items: [
    {
      ...{
        lineId: ids.cartLine,
        productId: ids.product,
        sku: 'MUG-1',
        name: 'Mug',
        image: 'https://example.com/mug.png',
      },
      ...{ quantity: 2, unitPriceMinor: '99999', lineTotalMinor: '199998', available: 1 },
      ...{ attributes: { engraving: 'Ada' }, warnings: ['short'] },
    },
  ],
  promotions: [{ code: 'TEN', description: 'ten off', amountMinor: '1000' }],
  delivery: {
    address: {
      ...{ name: 'Ada', line1: '12 St James Square', line2: '', city: 'London', region: '' },
      ...{ postalCode: 'SW1Y 4JH', country: 'GB', phone: '' },
    },
    shippingMethod: 'post',
  },
  totals: {
    ...{
      itemsMinor: '199998',
      discountMinor: '1000',
      shippingMinor: '500',
      taxMinor: '0',
      totalMinor: '199498',
    },
  },
  updatedAt: time,
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

export const receipt: Wire<typeof ReceiptSchema> = {
  ...{ id: '01920000-0000-7000-8000-0000000000b2', kind: 'receipt', number: 'R-000017', orderId: ids.order },
  ...{ userId: ids.customer, receiptId: '', receiptNumber: '', refundId: '', currency: 'USD' },
  lines: [
    {
      ...{ lineId: ids.line, sku: 'MUG-1', name: 'Mug', quantity: 2, unitPriceMinor: '99999' },
      ...{ discountMinor: '1000', totalMinor: '198998', taxRatePpm: 77_000, taxMinor: '14227' },
    },
  ],
  ...{ shippingMinor: '0', discountMinor: '1000', totalMinor: '198998', taxIncluded: true },
  taxes: [{ ratePpm: 77_000, netMinor: '184771', taxMinor: '14227' }],
  seller: { name: 'Our Shop', address: '', taxId: 'GB123' },
  buyer: {
    ...{ name: 'Ada', email: '', line1: '12 St James Square', line2: '', city: 'London', region: '' },
    ...{ postalCode: 'SW1Y 4JH', country: 'GB' },
  },
  issuedAt: time,
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

export const apiKey = {
  ...{ id: ids.letter, name: 'ERP', scopes: ['orders:read', 'stock:write'], createdBy: ids.admin },
  ...{ createdAt: time, expiresAt: '', lastUsedAt: '' },
}

export const savedAddress = {
  id: ids.order,
  address: {
    ...{ name: 'Ada', line1: '12 St James’s Square', line2: '', city: 'London', region: '' },
    ...{ postalCode: 'SW1Y 4JH', country: 'GB', phone: '' },
  },
  ...{ defaultDelivery: true, defaultBilling: false, createdAt: time, updatedAt: time },
}

export const activity = {
  ...{ id: ids.letter, at: time, actorKind: 'user', actorId: ids.admin, what: 'product.updated' },
  ...{ subjectId: ids.product, before: '{"name":"Mug"}', after: '{"name":"Cup"}', reason: '' },
  ...{ address: '192.0.2.1', correlationId: 'c-1' },
}

export type Services = {
  readonly users: Handlers<typeof UserService>
  readonly inventory: Handlers<typeof InventoryService>
  readonly search: Handlers<typeof SearchService>
  readonly carts: Handlers<typeof CartService>
  readonly orders: Handlers<typeof OrderService>
  readonly payments: Handlers<typeof PaymentService>
  readonly pricing: Handlers<typeof PricingService>
  readonly notifications: Handlers<typeof NotificationService>
  readonly consumer: Handlers<typeof ConsumerService>
  readonly analytics: Handlers<typeof AnalyticsService>
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
    search: { ...search, ...overrides.search },
    carts: { ...carts, ...overrides.carts },
    orders: { ...orders, ...overrides.orders },
    payments: { ...payments, ...overrides.payments },
    pricing: { ...pricing, ...overrides.pricing },
    notifications: { ...notifications, ...overrides.notifications },
    consumer: { ...consumer, ...overrides.consumer },
    analytics: { ...analytics, ...overrides.analytics },
  }
  return {
    users: recorded(services.users, asked),
    inventory: recorded(services.inventory, asked),
    search: recorded(services.search, asked),
    carts: recorded(services.carts, asked),
    orders: recorded(services.orders, asked),
    payments: recorded(services.payments, asked),
    pricing: recorded(services.pricing, asked),
    notifications: recorded(services.notifications, asked),
    consumer: recorded(services.consumer, asked),
    analytics: recorded(services.analytics, asked),
    asked,
  }
}

/** Whoever calls, the gateway asks this by itself. */
const byItself: readonly string[] = [
  'listEndings',
  'findApiKey',
  'indexProducts',
  'indexCategories',
  'countVisits',
]

type AnyHandler = (request: unknown, call: Call) => Promise<unknown>

function recorded<Service extends object>(service: Service, asked: Asked[]): Service {
  const entries = Object.entries(service as Record<string, AnyHandler>).map(([method, handler]) => {
    const recording: AnyHandler = async (request, call) => {
      if (!byItself.includes(method)) asked.push({ method, request, call })
      return handler(request, call)
    }
    return [method, recording]
  })
  return Object.fromEntries(entries) as Service // the same methods
}

const users: Services['users'] = {
  registerUser: async () => ({ user: account, replayed: false }),
  logIn: async () => ({ user: account, session }),
  refreshSession: async () => ({ user: account, session }),
  listSessions: async () => ({ sessions: [session] }),
  endSession: async () => ({}),
  endSessions: async () => ({}),
  listEndings: async () => ({ endings: [], asOf: time, nextId: '' }),
  changePassword: async () => ({ replayed: false }),
  requestPasswordReset: async () => ({}),
  confirmPasswordReset: async () => ({}),
  requestEmailVerification: async () => ({ replayed: false }),
  confirmEmailVerification: async () => ({}),
  listIdentityProviders: async () => ({ providers: [{ id: 'google', name: 'Google' }] }),
  beginIdentityLogin: async () => ({ url: 'https://id.example/authorize?x=1', attempt: 'an.attempt' }),
  finishIdentityLogin: async () => ({ returnTo: 'http://localhost/back?a=1', code: 'a code', error: '' }),
  redeemLoginCode: async () => ({ user: account, session }),
  listIdentities: async () => ({ identities: [{ id: ids.order, provider: 'google', createdAt: time }] }),
  unlinkIdentity: async () => ({}),
  describeMailRequest: async () => ({
    ...{ kind: 'password-reset', email: user.email, name: user.name, username: user.username },
    ...{ token: 'a token', expiresAt: time },
  }),
  listUsers: async () => ({ users: [account], nextId: ids.customer }),
  changeAccess: async () => ({ user: account }),
  findAccount: async ({ login }) => ({
    id: /^ada(@example\.com)?$/i.test(login) ? ids.customer : '',
  }),
  getUser: async () => ({ user: account }),
  updateProfile: async () => ({ user: account }),
  beginSecondFactor: async () => ({ secret: 'SECRET', uri: 'otpauth://totp/x' }),
  confirmSecondFactor: async () => ({ recoveryCodes: ['a', 'b'] }),
  removeSecondFactor: async () => ({}),
  createApiKey: async () => ({ apiKey, secret: 'tsk_once', replayed: false }),
  listApiKeys: async () => ({ apiKeys: [apiKey] }),
  deleteApiKey: async () => ({}),
  readAccessToken: async () => ({
    ...{ userId: ids.customer, role: 'customer', permissions: [], secondFactor: false, email: user.email },
    ...{ sessionId: session.id, accessVersion: 1, expiresAt: time },
  }),
  findApiKey: async () => ({ apiKeys: [] }),
  listAddresses: async () => ({ addresses: [savedAddress] }),
  saveAddress: async () => ({ address: savedAddress, replayed: false }),
  changeAddress: async () => ({ address: savedAddress }),
  removeAddress: async () => ({}),
  eraseUser: async () => ({}),
  listErasures: async () => ({ userIds: [] }),
  confirmErasures: async () => ({}),
}

const inventory: Services['inventory'] = {
  createProduct: async () => ({ product, replayed: false }),
  updateProduct: async () => ({ product }),
  listFamilies: async () => ({ families: [family], nextId: ids.family }),
  getFamily: async () => ({ family, members: [member] }),
  readFamilies: async ({ ids: wanted }) => ({
    ...{ families: wanted.map((id) => ({ family: { ...family, id }, members: [member] })), unreadIds: [] },
  }),
  createFamily: async () => ({ family, replayed: false }),
  updateFamily: async () => ({ family }),
  deleteFamily: async () => ({}),
  listCategories: async () => ({ categories: [category], hasMore: false }),
  markCategories: async () => ({ mark: '1' }),
  getCategory: async () => ({ category }),
  createCategory: async () => ({ category, replayed: false }),
  updateCategory: async () => ({ category }),
  deleteCategory: async () => ({}),
  reserveImage: async () => ({ imageId: ids.image }),
  addImage: async () => ({ product, replayed: false }),
  deleteImage: async () => ({}),
  deleteProduct: async () => ({}),
  getProduct: async () => ({ product }),
  listProducts: async ({ afterId }) =>
    afterId === undefined ? { products: [product], nextKey: 'k', nextId: ids.product } : { products: [] },
  listProductColumns: async () => ({ options: ['size'], attributes: ['litres', 'material'] }),
  importProducts: async ({ rows }) => ({
    outcomes: rows.map(() => ({ kind: 'created', code: '', message: '', field: '' })),
  }),
  getStock: async () => ({ levels: [{ productId: ids.product, available: 7 }] }),
  adjustStock: async () => ({ level: { productId: ids.product, available: 12 }, replayed: false }),
  listLowStock: async ({ afterId }) => ({
    levels: afterId === undefined ? [{ productId: ids.product, available: 2 }] : [],
    hasMore: afterId === undefined,
  }),
  readProducts: async ({ ids: wanted }) => ({
    products: wanted.includes(ids.product) ? [product] : [],
    unreadIds: [],
  }),
  digestProducts: async () => ({ buckets: [] }),
  listProductVersions: async () => ({ products: [] }),
  markSoldOut: async () => ({ mark: '' }),
  listSoldOut: async () => ({ productIds: [], hasMore: false }),
  quoteProducts: async () => ({ quotes: [] }),
  reserveStock: async () => ({ decisions: [] }),
  releaseStock: async () => ({}),
  bookReturns: async () => ({}),
  replaceGoods: async () => ({ outcome: 'taken', shortages: [] }),
}

const search: Services['search'] = {
  searchProducts: async ({ facets }) => ({
    productIds: [ids.product],
    next: ['written', '0', ids.product],
    facets: facets.map((field) => ({
      field,
      values: [{ value: field === 'price' ? '200-499' : 'lights', count: 1 }],
    })),
  }),
  indexProducts: async () => ({}),
  indexCategories: async () => ({}),
}

const analytics: Services['analytics'] = {
  countVisits: async () => ({}),
  readFigures: async () => ({
    ...{ from: '2026-11-28T00:00:00.000Z', to: '2026-11-29T00:00:00.000Z', unit: 'minor', total: '1950' },
    figures: [{ key: '2026-11-28', name: '', value: '1950' }],
  }),
}

const carts: Services['carts'] = {
  getCart: async () => ({ cart }),
  addItem: async () => ({ cart, replayed: false, newGuest: false }),
  changeItem: async () => ({ cart }),
  removeItem: async () => ({ cart }),
  clearCart: async () => ({ cart: { ...cart, items: [], promotions: [] } }),
  setDelivery: async () => ({ cart }),
  listShippingMethods: async () => ({
    methods: [{ id: 'post', name: 'Post', priceMinor: '500', estimate: '2 days' }],
    currency: 'USD',
  }),
  addPromotion: async () => ({ cart, replayed: false }),
  removePromotion: async () => ({ cart }),
  mergeCarts: async () => ({ merged: true }),
  lockCart: async () => ({ orderId: ids.order }),
  unlockCart: async () => ({ version: 4, status: 'active' }),
  orderCart: async () => ({ status: 'ordered' }),
  listLockedCarts: async () => ({ carts: [] }),
  exportCarts: async () => ({ carts: [], nextId: undefined }),
}

const orders: Services['orders'] = {
  placeOrder: async () => ({ order, replayed: false }),
  getOrder: async () => ({ order }),
  // Whoever reads all pages comes to an end.
  listOrders: async ({ afterId }) => ({
    orders: [order],
    nextId: afterId === undefined ? ids.order : undefined,
  }),
  cancelOrder: async () => ({ order: { ...order, status: 'canceled' }, replayed: false }),
  changeOrderStatus: async () => ({ order: { ...order, status: 'paid' } }),
  createShipment: async () => ({ shipment, replayed: false }),
  changeShipment: async ({ status }) => ({ shipment: { ...shipment, status } }),
  resendShipment: async ({ id }) => ({ shipment: { ...shipment, replaces: id }, replayed: false }),
  trackOrder: async () => ({
    ...{ orderId: ids.order, fulfilmentStatus: 'partial', shipments: [shipment] },
    timeline: [{ at: time, what: 'order.created', detail: '' }],
  }),
  requestReturn: async () => ({ return: goodsBack, replayed: false }),
  changeReturn: async ({ status }) => ({ return: { ...goodsBack, status } }),
  listReturns: async () => ({ returns: [goodsBack] }),
  payOrder: async () => ({ payment, replayed: false }),
  listOrderPayments: async () => ({ payments: [payment] }),
  listPaymentsOfOrders: async ({ orderIds }) => ({
    payments: orderIds.map((orderId) => ({ ...payment, orderId })),
    unreadOrderIds: [],
  }),
  listShipmentsOfOrders: async ({ orderIds }) => ({
    shipments: orderIds.map((orderId) => ({ ...shipment, orderId })),
    unreadOrderIds: [],
  }),
  checkout: async () => ({ order, payment: [payment], replayed: false }),
  reopenCart: async () => ({}),
  assignMoney: async () => ({ payment }),
  listOrderReceipts: async () => ({ receipts: [receipt] }),
  hasOpenOrders: async () => ({ open: false }),
  claimOrders: async () => ({ claimed: 2 }),
}

const gate = {
  ...{ orderId: ids.order, status: 'open', version: 2, dueMinor: '199998', authorizedMinor: '0' },
  ...{ capturedMinor: '199998', refundedMinor: '0', pendingMinor: '0', currency: 'USD', covered: true },
  ...{ attempt: 'none', method: '', mismatched: false, disputed: false },
}

const refund = {
  ...{ id: ids.letter, orderId: ids.order, paymentId: ids.payment, status: 'requested', amountMinor: '500' },
  ...{ currency: 'USD', lines: [], reason: 'returned', createdAt: time, reference: '', awaitsStaff: false },
}

const payments: Services['payments'] = {
  beginPayment: async () => ({ payment, gate, replayed: false }),
  closeGate: async () => ({ outcome: 'covered', gate }),
  listGates: async () => ({ gates: [gate] }),
  captureForGoods: async () => ({}),
  takeOverOrders: async () => ({}),
  reopenGate: async () => ({ gate }),
  recordOffline: async () => ({ payment, gate }),
  creditGoods: async () => ({ refunds: [], gate }),
  listRefunds: async () => ({ refunds: [refund], nextId: undefined }),
  settleRefund: async () => ({ refund: { ...refund, status: 'settled_manually', reference: 'bank-1' } }),
  repeatRefund: async () => ({ refund, replayed: false }),
  listSuspense: async () => ({
    money: [{ provider: 'stripe', ref: 'pi_1', amountMinor: '500', currency: 'USD', foundAt: time }],
  }),
  assignSuspense: async () => ({ payment, gate }),
  resolveSuspense: async () => ({}),
  getPayment: async () => ({ payment }),
  listPayments: async () => ({ payments: [payment] }),
  listPaymentsOfOrders: async () => ({ payments: [payment], unreadOrderIds: [] }),
  listPaymentMethods: async () => ({
    methods: [{ id: 'card', name: 'Card', kind: 'card', processesForSeconds: 0 }],
  }),
  capturePayment: async () => ({ payment, replayed: false }),
  voidPayment: async () => ({ payment, replayed: false }),
  refundPayment: async () => ({ refund, replayed: false }),
  receiveWebhook: async () => ({}),
  listDeadWebhooks: async () => ({ webhooks: [] }),
  requeueWebhook: async () => ({}),
  issueReceipt: async () => ({ receipt }),
  listReceipts: async () => ({ receipts: [receipt] }),
  hasOpenMoney: async () => ({ open: false }),
  getReceipt: async () => ({ receipt }),
  drawReceipt: async () => ({ pdf: Buffer.from('%PDF-').toString('base64'), number: receipt.number }),
}

const consumer: Services['consumer'] = {
  listDeadLetters: async () => ({ deadLetters: [deadLetter] }),
  getDeadLetter: async () => ({ deadLetter }),
  requeueDeadLetter: async () => ({ deadLetter: { ...deadLetter, status: 'requeued' }, replayed: false }),
  discardDeadLetter: async () => ({ deadLetter: { ...deadLetter, status: 'discarded' }, replayed: false }),
  listActivity: async () => ({ activities: [activity], nextId: ids.letter }),
  getOrderTimeline: async () => ({
    ...{ status: 'confirmed', missingEvents: 0 },
    waits: [{ what: 'payment', since: time, until: time, aboutId: ids.order, detail: {} }],
    entries: [
      {
        ...{ at: time, source: 'order', what: 'order.created', aboutId: ids.order },
        ...{ detail: { status: 'pending' }, requestId: 'r-1', traceparent: '' },
      },
    ],
  }),
  runAudit: async () => ({ invariants: [{ name: 'stock', checked: 3, violations: 0, offenders: [] }] }),
}

export const healthy: Health = {
  checkReadiness: async () => ({ checks: [{ name: 'database', ready: true, detail: '' }] }),
  readGauges: async () => ({ gauges: [] }),
}

import type { Order, Product, Reply, Request } from './fake-request.ts'

type Line = { readonly product: Product; readonly quantity: number }
type Cart = { version: number; lines: Line[]; order?: Bought | undefined }
type Bought = Order & {
  readonly email: string
  readonly paymentMethod: string
  readonly key: string
  readonly total: number
  paymentStatus: string
}
type Rule = Readonly<Record<string, unknown>>

export type FakeCheckout = {
  readonly routes: Readonly<Record<string, (request: Request) => Reply>>
  /** Moves an order of a checkout a step on, when somebody looks; false for any other order. */
  readonly advance: (order: Order) => boolean
  /** How the shop is set up, and what a provider does wrong. */
  readonly settings: { pricesIncludeTax: boolean; isOutOfAttempts: boolean; methods: string[] }
  /** By the order's id, in cents. */
  readonly charges: Map<string, number>
  readonly rules: { readonly 'tax-rates': Rule[]; readonly 'shipping-methods': Rule[] }
}

const taxPart = 0.2
const [shippingCents, freeFromCents] = [500, 15_000]

/** Carts, checkouts and a provider. A card is charged when the order is looked at for the second time. */
export function fakeCheckout({
  products,
  orders,
}: {
  readonly products: ReadonlyMap<string, Product>
  readonly orders: Map<string, Order>
}): FakeCheckout {
  const carts = new Map<string, Cart>()
  const charges = new Map<string, number>()
  const settings = { pricesIncludeTax: false, isOutOfAttempts: false, methods: ['card', 'ideal', 'invoice'] }
  const rules: FakeCheckout['rules'] = { 'tax-rates': [], 'shipping-methods': [] }
  const bought = (): Bought[] => [...orders.values()].filter((order): order is Bought => 'email' in order)

  function cartOf(user: string): Cart {
    const cart = carts.get(user) ?? { version: 0, lines: [] }
    carts.set(user, cart)
    return cart
  }

  function advance(order: Order): boolean {
    const own = bought().find(({ id }) => id === order.id)
    if (!own) return false
    const takesMoney = own.status === 'confirmed' && own.paymentMethod === 'card'
    if (takesMoney && settings.isOutOfAttempts) own.paymentStatus = 'failed'
    else if (takesMoney) {
      own.status = 'paid'
      own.paymentStatus = 'paid'
      charges.set(own.id, Math.round(own.total * 100))
    } else if (own.status === 'pending') own.status = 'confirmed'
    return true
  }

  /** Once its order is paid for, or ordered on invoice, a user has no cart. */
  function shown(cart: Cart): Reply {
    const { order } = cart
    if (order) advance(order)
    const isOver =
      order &&
      (order.status === 'paid' || (order.status === 'confirmed' && order.paymentMethod === 'invoice'))
    if (isOver) Object.assign(cart, { version: 0, lines: [], order: undefined })
    const isLocked = order && !isOver
    const state = { version: cart.version, status: isLocked ? 'locked' : 'active', items: cart.lines }
    return [200, { ...state, ...(isLocked ? { orderId: order.id } : {}) }]
  }

  function priceOf(lines: readonly Line[]) {
    const items = lines.reduce(
      (sum, { product, quantity }) => sum + Math.round(product.price * 100) * quantity,
      0,
    )
    const shipping = items >= freeFromCents ? 0 : shippingCents
    const base = items + shipping
    const tax = Math.round(settings.pricesIncludeTax ? base - base / (1 + taxPart) : base * taxPart)
    const total = settings.pricesIncludeTax ? base : base + tax
    return { shipping: shipping / 100, tax: tax / 100, total: total / 100, discount: 0 }
  }

  function checkOut({ user, key, body }: Request): Reply {
    const earlier = orders.get(`${user}-${key}`) as Bought | undefined
    if (earlier) return [422, { code: 'order.idempotency-key-reused' }]
    const cart = cartOf(user)
    const money = priceOf(cart.lines)
    if (cart.version !== body.cartVersion || cart.order) return [409, { code: 'cart.version-mismatch' }]
    if (money.total !== body.expectedTotal) return [409, { code: 'checkout.total-changed' }]
    if (cart.lines.some(({ product, quantity }) => product.stock < quantity))
      return [409, { code: 'order.out-of-stock' }]
    for (const { product, quantity } of cart.lines) product.stock -= quantity
    const { email, paymentMethod, deliveryAddress } = body
    const order = {
      ...{
        id: `${user}-${key}`,
        key,
        status: 'pending',
        email,
        paymentMethod,
        deliveryAddress,
        paymentStatus: 'pending',
      },
      ...{ ...money, taxIncluded: settings.pricesIncludeTax },
      items: cart.lines.map(({ product, quantity }) => ({
        sku: product.sku,
        quantity,
        unitPrice: product.price,
      })),
    }
    orders.set(order.id, order)
    cart.order = order
    return [201, { order }]
  }

  const added = new Set<string>()
  const routes: FakeCheckout['routes'] = {
    'GET /payment-methods': () => [200, { data: settings.methods.map((id) => ({ id })) }],
    'GET /cart': ({ user }) => shown(cartOf(user)),
    'DELETE /cart': ({ user }) => {
      const cart = cartOf(user)
      Object.assign(cart, { version: cart.version + 1, lines: [] })
      return shown(cart)
    },
    'POST /cart/items': ({ user, key, body }) => {
      const [cart, product] = [cartOf(user), products.get(body.productId)]
      if (!product) return [404, { code: 'product.not-found' }]
      if (cart.order) return [409, { code: 'cart.locked' }]
      if (added.has(key)) return shown(cart)
      added.add(key)
      cart.lines.push({ product, quantity: body.quantity })
      cart.version++
      return shown(cart)
    },
    'POST /checkout': checkOut,
    'GET /orders': ({ path }) => {
      const email = decodeURIComponent(/email=([^&]+)/.exec(path)?.[1] ?? '')
      return [200, { data: bought().filter((order) => order.email === email) }]
    },
    'GET /orders/:id/payments': ({ path }) => {
      const captured = (charges.get(decodeURIComponent(path.split('/')[2] ?? '')) ?? 0) / 100
      return [200, { data: [{ captured, refunded: 0 }] }]
    },
    'GET /control/charges': () => {
      const data = [...charges].map(([orderId, captured]) => ({ orderId, captured, refunded: 0 }))
      return [200, { data }]
    },
  }
  return { routes: { ...routes, ...ruleRoutes(rules) }, advance, settings, charges, rules }
}

function ruleRoutes(rules: FakeCheckout['rules']): FakeCheckout['routes'] {
  const kinds = ['tax-rates', 'shipping-methods'] as const
  const all = kinds.flatMap((kind) => [
    [`GET /admin/${kind}`, () => [200, { data: rules[kind], nextCursor: null }]] as const,
    [
      `POST /admin/${kind}`,
      ({ body }: Request) => {
        rules[kind].push({ ...body, id: `${kind}-${rules[kind].length}` })
        return [201, rules[kind].at(-1)] as Reply
      },
    ] as const,
  ])
  return Object.fromEntries(all) as FakeCheckout['routes']
}

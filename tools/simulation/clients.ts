import type { Call } from '../../internal/platform/call.ts'
import { customerCount } from './plan.ts'
import { moveParcel, sendBack, sendParcel, type Desk } from './parcels.ts'
import { cancelAndKeep, pay, payAtCheckout, refund, type Till, type ToldMoney } from './payers.ts'
import { shopFor, type Market, type ToldCarts } from './shoppers.ts'
import { guestCount } from './shopping.ts'
import type { ClientStep, Item } from './steps.ts'
import type { CartHandlers, InventoryHandlers, OrderHandlers, Parts, PaymentHandlers } from './parts.ts'
import type { SimulatedProvider } from './provider.ts'
import { as, untilAnswered } from './patience.ts'
import { newProcess } from './process.ts'
import type { Random } from '../shared/random.ts'
import type { World } from './world.ts'

type Request = { readonly customerId: string; readonly key: string; readonly ids: Set<string> }

/** The answers that clients got, which must still be true at the end. */
export type Answered = {
  /** Each request by its idempotency key, with all order ids that were answered for it. */
  readonly requests: Map<string, Request>
  readonly canceled: Set<string>
  readonly advanced: { readonly id: string; readonly to: string }[]
  readonly adjusted: { readonly productId: string; readonly key: string; readonly quantity: number }[]
  readonly money: ToldMoney
  readonly carts: ToldCarts
}

export type Clients = {
  readonly answered: Answered
  /** The number of requests that have not ended. */
  readonly busy: () => number
  readonly act: (step: ClientStep) => void
}

type Place = Extract<ClientStep, { readonly do: 'place' }>

type Crowd = {
  readonly world: World
  readonly random: Random
  readonly orders: OrderHandlers
  readonly inventory: InventoryHandlers
  readonly payments: PaymentHandlers
  readonly carts: CartHandlers
  readonly shoppers: Market['shoppers']
  readonly provider: SimulatedProvider
  readonly customers: readonly string[]
  readonly admin: Call
  readonly productIds: readonly string[]
  /** The requests so far, with the orders that they led to. */
  readonly placed: Place[]
  readonly known: { readonly id: string; readonly call: Call }[]
  /** The parcels that were answered. */
  readonly parcels: string[]
  readonly answered: Answered
}

/**
 * Customers and admins. They repeat a request under the same key until they get an answer, and remember all answers.
 */
export function newClients(parts: Parts, productIds: readonly string[]): Clients {
  const process = newProcess('clients', 'client')
  const customers = Array.from({ length: customerCount }, () => parts.newUuid(process))
  const crowd: Crowd = {
    world: parts.world,
    random: parts.world.random('clients'),
    orders: parts.ordersFor(process),
    inventory: parts.inventoryFor(process),
    payments: parts.paymentsFor(process),
    provider: parts.provider,
    carts: parts.cartsFor(process),
    shoppers: shoppersOf(customers),
    customers,
    admin: as(parts.newUuid(process), 'admin'),
    productIds,
    placed: [],
    known: [],
    parcels: [],
    answered: {
      ...{ requests: new Map(), canceled: new Set(), advanced: [], adjusted: [] },
      money: { payments: new Map(), refunds: [], kept: new Set() },
      carts: { checkouts: [], additions: new Map() },
    },
  }
  let busy = 0
  return {
    answered: crowd.answered,
    busy: () => busy,
    act(step) {
      busy++
      void workOf(crowd, step).finally(() => busy--)
    },
  }
}

async function workOf(crowd: Crowd, step: ClientStep): Promise<void> {
  switch (step.do) {
    case 'place':
      crowd.placed.push(step)
      return place(crowd, step)
    case 'repeat': {
      const earlier = crowd.placed[step.nth % crowd.placed.length]
      return earlier && place(crowd, earlier)
    }
    case 'cancel':
      return cancel(crowd, step.nth)
    case 'advance':
      return advance(crowd, step.nth, step.to)
    case 'parcel':
      return sendParcel(deskOf(crowd), step)
    case 'parcel becomes':
      return moveParcel(deskOf(crowd), step)
    case 'send back':
      return sendBack(deskOf(crowd), step)
    case 'pay':
      return pay(tillOf(crowd), step)
    case 'refund':
      return refund(tillOf(crowd), step)
    case 'cancel and keep':
      return cancelAndKeep(tillOf(crowd), step.nth)
    case 'adjust':
      return adjust(crowd, step.product, step.quantity, step.key)
    case 'add to cart':
    case 'change a quantity':
    case 'give a code':
    case 'log in':
    case 'check out':
    case 'check out again':
    case 'reopen':
    case 'reprice':
      return shopFor(marketOf(crowd), step)
  }
}

async function place(crowd: Crowd, { customer, key, items, twice }: Place): Promise<void> {
  const { answered, world, known } = crowd
  const customerId = crowd.customers[customer] ?? ''
  const name = `${customer} ${key}`
  const request = answered.requests.get(name) ?? { customerId, key: `key-${key}`, ids: new Set() }
  answered.requests.set(name, request)
  const wanted = { items: itemsOf(crowd, items), idempotencyKey: request.key }
  async function once(): Promise<void> {
    const answer = await untilAnswered(crowd, () =>
      crowd.orders.placeOrder(wanted, as(customerId, 'customer')),
    )
    if (!answer) return
    if (answer.replayed) world.count('answered again')
    if (!request.ids.has(answer.order.id))
      known.push({ id: answer.order.id, call: as(customerId, 'customer') })
    request.ids.add(answer.order.id)
  }
  await Promise.all([once(), twice ? once() : undefined])
}

async function cancel(crowd: Crowd, nth: number): Promise<void> {
  const order = crowd.known[nth % crowd.known.length]
  if (!order) return
  const input = { id: order.id, reason: 'changed my mind' }
  const answer = await untilAnswered(crowd, () => crowd.orders.cancelOrder(input, order.call))
  if (answer?.order.status === 'canceled') crowd.answered.canceled.add(order.id)
}

async function advance(crowd: Crowd, nth: number, to: string): Promise<void> {
  const order = crowd.known[nth % crowd.known.length]
  if (!order) return
  const input = { id: order.id, status: to, reason: '', reference: `bank ${order.id}` }
  const answer = await untilAnswered(crowd, () => crowd.orders.changeOrderStatus(input, crowd.admin))
  // Of an order that was shipped before, the money is known and the status stays.
  if (answer?.order.status === to) crowd.answered.advanced.push({ id: order.id, to })
}

async function adjust(crowd: Crowd, product: number, quantity: number, key: number): Promise<void> {
  const productId = crowd.productIds[product] ?? ''
  const wanted = { productId, quantity, reason: 'counted', idempotencyKey: `count-${key}` }
  const answer = await untilAnswered(crowd, () => crowd.inventory.adjustStock(wanted, crowd.admin))
  if (answer) crowd.answered.adjusted.push({ productId, key: wanted.idempotencyKey, quantity })
}

const deskOf = (crowd: Crowd): Desk => ({ ...crowd, ask: (work) => untilAnswered(crowd, work) })

const tillOf = (crowd: Crowd): Till => ({
  ...crowd,
  told: crowd.answered.money,
  ask: (work) => untilAnswered(crowd, work),
})

const marketOf = (crowd: Crowd): Market => ({
  ...crowd,
  told: crowd.answered.carts,
  ask: (work, refused) => untilAnswered(crowd, work, refused),
  async bought(order, paymentId, way) {
    crowd.known.push(order)
    await payAtCheckout(tillOf(crowd), order, paymentId, way)
  },
})

/** The customers, and then guests. */
const shoppersOf = (customers: readonly string[]): Market['shoppers'] => [
  ...customers.map((userId) => ({ userId, email: '', cartId: undefined })),
  ...Array.from({ length: guestCount }, (_, index) => {
    return { userId: undefined, email: `guest${index}@example.com`, cartId: undefined }
  }),
]

const itemsOf = ({ productIds }: Crowd, items: readonly Item[]) =>
  items.map(({ product, quantity }) => ({ productId: productIds[product] ?? '', quantity }))

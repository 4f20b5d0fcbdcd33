import type { keysInMemory } from '../../platform/idempotency-keys.ts'
import type { OutboxEvent } from '../../platform/outbox.ts'
import { anotherOrderLives, type CartVersion, type Checkouts } from '../application/checkouts.ts'
import type { Order, OrderEvent, OrderId } from '../domain/order.ts'
import type { PaymentId } from '../domain/terms.ts'
import { encodeOrderEvent } from '../infrastructure/order-json.ts'

export type InMemoryCheckouts = Checkouts & {
  /** Each version of a cart with its order; undefined: it was taken back. */
  readonly versions: ReadonlyMap<string, OrderId | undefined>
  /** The first payments that were said to have begun. */
  readonly begun: ReadonlyMap<OrderId, PaymentId>
}

type Tables = {
  readonly orders: Map<OrderId, Order>
  readonly requests: ReturnType<typeof keysInMemory>
  readonly events: OrderEvent[]
  readonly tell: (events: readonly OutboxEvent[]) => void
  readonly refuseUnpaid: (order: Order) => void
}

/** Beside the orders in memory; passes the same contract as the real ones. */
export function inMemoryCheckouts(tables: Tables): InMemoryCheckouts {
  const { orders, requests, events, tell, refuseUnpaid } = tables
  const versions = new Map<string, OrderId | undefined>()
  const begun = new Map<OrderId, PaymentId>()
  const orderOf = (cart: CartVersion): Order | undefined => {
    const id = versions.get(versionKey(cart))
    return id && orders.get(id)
  }
  return {
    ...{ versions, begun },
    async add({ state, events: told }, trace, once) {
      const cart = cartOf(state)
      if (versions.has(versionKey(cart))) {
        const earlier = orderOf(cart)
        if (earlier) requests.claim(once, earlier.id)
        return earlier && { order: earlier, isNew: false }
      }
      if (hasAnotherLiving(orders, state)) throw anotherOrderLives()
      refuseUnpaid(state)
      requests.claim(once, state.id)
      versions.set(versionKey(cart), state.id)
      orders.set(state.id, state)
      events.push(...told)
      tell(told.map((event) => encodeOrderEvent(event, trace)))
      return { order: state, isNew: true }
    },
    claim: async (once, id) => requests.claim(once, id),
    findByCart: async (cart) => orderOf(cart),
    findNewest: async (userId) =>
      [...orders.values()]
        .filter((order) => order.userId === userId && order.terms)
        .reduce<Order | undefined>(
          (newest, each) => (newest && newest.id > each.id ? newest : each),
          undefined,
        ),
    async takeBack(carts) {
      for (const cart of carts) {
        const key = versionKey(cart)
        if (!versions.has(key)) versions.set(key, undefined)
      }
      return carts.map((cart) => orderOf(cart)?.status)
    },
    async untoldSince(before, limit) {
      return [...orders.values()]
        .filter(
          ({ awaitingCart, firstPayment, status }) =>
            awaitingCart || (firstPayment && status === 'confirmed'),
        )
        .filter(({ updatedAt }) => updatedAt < before)
        .sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime())
        .slice(0, limit)
        .map(({ id }) => id)
    },
    async markTold({ id, revision }) {
      const order = orders.get(id)
      if (order?.revision === revision) orders.set(id, { ...order, awaitingCart: false })
    },
    async markBegun(id, paymentId) {
      const order = orders.get(id)
      if (order?.firstPayment?.id !== paymentId) return
      orders.set(id, { ...order, firstPayment: undefined })
      begun.set(id, paymentId)
    },
  }
}

const dead: readonly Order['status'][] = ['rejected', 'canceled', 'expired']

/** The unique index: one order of a cart lives. */
export const hasAnotherLiving = (
  orders: ReadonlyMap<OrderId, Order>,
  { id, status, terms }: Order,
): boolean =>
  terms !== undefined &&
  !dead.includes(status) &&
  [...orders.values()].some(
    (other) => other.id !== id && other.terms?.cart.id === terms.cart.id && !dead.includes(other.status),
  )

const versionKey = ({ cartId, version }: CartVersion): string => `${cartId} ${version}`

function cartOf({ id, terms }: Order): CartVersion {
  if (!terms) throw new Error(`order ${id} was made of no cart`)
  return { cartId: terms.cart.id, version: terms.cart.version }
}

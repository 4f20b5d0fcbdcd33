import { requireBuyer, requireUser, seesAll, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Permission } from '../../platform/permissions.ts'
import type { Order, OrderId, UserId } from '../domain/order.ts'
import type { OrderFilter, Orders } from './orders.ts'

type Deps = { readonly orders: Orders }

/** A customer who asks for somebody else's order is told that it does not exist. */
export function getOrder({ orders }: Deps) {
  return async (id: OrderId, call: Call): Promise<Order> => visible(await orders.find(id), call)
}

/** Customers see their own orders, admins those of everybody or of one person. */
export function listOrders({ orders }: Deps) {
  return async (filter: OrderFilter, call: Call) => {
    if (seesAll(call, 'orders:read')) return orders.page(filter)
    const userId = requireUser(call).userId as UserId
    if (filter.userId && filter.userId !== userId) {
      throw new Refusal('forbidden', 'auth.forbidden', 'only admins see the orders of others')
    }
    if (filter.email !== undefined)
      throw new Refusal('forbidden', 'auth.forbidden', 'only admins look for e-mail addresses')
    return orders.page({ ...filter, userId })
  }
}

/**
 * Returns the order if it is the caller's own or the caller has the permission for those of others, and refuses otherwise
 * as if it did not exist.
 */
export function visible(order: Order | undefined, call: Call, permission: Permission = 'orders:read'): Order {
  if (order && maySee(order, call, permission)) return order
  throw orderNotFound()
}

/** Those of several orders that are there and that the caller may see. */
export const allVisible = (
  orders: readonly (Order | undefined)[],
  call: Call,
  permission: Permission,
): readonly Order[] => orders.flatMap((order) => (order && maySee(order, call, permission) ? [order] : []))

const maySee = (order: Order, call: Call, permission: Permission): boolean =>
  seesAll(call, permission) || isOwner(order, call)

/** The same for whoever changes it. */
export const changeable = (order: Order | undefined, call: Call): Order =>
  visible(order, call, 'orders:write')

export const orderNotFound = (): Refusal =>
  new Refusal('not-found', 'order.not-found', 'there is no such order')

/** A guest's order is that of whoever has its token. */
function isOwner({ id, userId }: Order, call: Call): boolean {
  requireBuyer(call)
  if (call.actor?.kind === 'buyer') return call.actor.orderId === id
  return call.actor?.kind === 'user' && call.actor.userId === userId
}

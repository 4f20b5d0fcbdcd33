import type { Tokens } from 'tillstream-sdk'
import { sessionApi } from './session-api.ts'
import { keptStore } from './store.ts'

/**
 * Who is logged in. The tokens are in the browser's storage, which only scripts of this origin can read, and the content
 * security policy lets no others run. Tabs share them, because a refresh token is good once.
 */
export const session = keptStore<Tokens | undefined>('session', undefined)

/** A guest's cart, and the orders of guests by their ids. */
export const cartToken = keptStore<string | undefined>('cart', undefined)
export const orderTokens = keptStore<Readonly<Record<string, string>>>('orders', {})

const mostOrderTokens = 20

/** The operations of the API for the customer or the guest. */
export const api = sessionApi(session)

export const cartHeaders = (): { 'cart-token'?: string } => {
  const token = cartToken.get()
  return token === undefined || session.get() ? {} : { 'cart-token': token }
}

/** At a login the guest's cart is merged into the customer's. */
export const loginHeaders = (): { 'cart-token'?: string } => {
  const token = cartToken.get()
  return token === undefined ? {} : { 'cart-token': token }
}

export const orderHeaders = (orderId: string): { 'order-token'?: string } => {
  const token = orderTokens.get()[orderId]
  return token === undefined ? {} : { 'order-token': token }
}

export function keepOrderToken(orderId: string, token: string): void {
  const older = Object.entries(orderTokens.get()).filter(([id]) => id !== orderId)
  orderTokens.set(Object.fromEntries([...older, [orderId, token] as const].slice(-mostOrderTokens)))
}

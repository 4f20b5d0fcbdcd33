import type { FastifyRequest } from 'fastify'
import { Refusal } from '../platform/refusal.ts'
import { isUuid } from '../platform/uuid.ts'
import { keyedTokens } from '../platform/keyed-tokens.ts'

/**
 * The tokens by which guests show that a cart or an order is theirs. None is stored: each is made from the thing's id, so
 * that a repeated request gives the same one.
 */
export type GuestTokens = {
  readonly issue: (id: string) => string
  /** The thing's id. Refuses with cart.token-invalid or order.token-invalid what this shop has not issued. */
  readonly read: (token: string) => string
}

export const cartTokens = (secrets: readonly string[]): GuestTokens => guestTokens(secrets, 'cart')
export const orderTokens = (secrets: readonly string[]): GuestTokens => guestTokens(secrets, 'order')

function guestTokens(secrets: readonly string[], kind: 'cart' | 'order'): GuestTokens {
  const tokens = keyedTokens(secrets, kind)
  return {
    issue: tokens.issue,
    read(token) {
      const id = tokens.read(token)
      if (id !== undefined && isUuid(id)) return id
      const name = kind === 'cart' ? 'Cart-Token' : 'Order-Token'
      throw new Refusal('unauthenticated', `${kind}.token-invalid`, `the ${name} is not one of ours`)
    },
  }
}

/** Undefined when there is none. */
export function guestTokenIn(
  { headers }: Pick<FastifyRequest, 'headers'>,
  name: 'cart-token' | 'order-token',
): string | undefined {
  const token = headers[name]
  return typeof token === 'string' && token !== '' ? token : undefined
}

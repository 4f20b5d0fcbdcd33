import type { FastifyRequest } from 'fastify'
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../platform/refusal.ts'

/**
 * The tokens by which guests show that a cart or an order is theirs. None is stored: each is made from the thing's id, so
 * that a repeated request gives the same one.
 */
export type GuestTokens = {
  readonly issue: (id: string) => string
  /** The thing's id. Refuses with cart.token-invalid or order.token-invalid what this shop has not issued. */
  readonly read: (token: string) => string
}

const keyBytes = 32
const tokenPattern = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/

export const cartTokens = (secret: string): GuestTokens => guestTokens(secret, 'cart')
export const orderTokens = (secret: string): GuestTokens => guestTokens(secret, 'order')

/** Each kind has a key of its own, so that a token of one never passes for another. All gateways have the same secret. */
function guestTokens(secret: string, kind: 'cart' | 'order'): GuestTokens {
  const key = Buffer.from(hkdfSync('sha256', secret, '', `tillstream ${kind} token v1`, keyBytes))
  const macOf = (id: string): Buffer => createHmac('sha256', key).update(id).digest()
  return {
    issue: (id) => `${id}.${macOf(id).toString('base64url')}`,
    read(token) {
      const [, id = '', mac = ''] = tokenPattern.exec(token) ?? []
      // The last character of 43 has bits to spare, so the texts are compared and not the bytes that they stand for.
      const expected = Buffer.from(macOf(id).toString('base64url'))
      const given = Buffer.from(mac)
      if (given.length === expected.length && timingSafeEqual(given, expected)) return id
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

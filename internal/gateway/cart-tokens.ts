import type { FastifyRequest } from 'fastify'
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../platform/refusal.ts'

/** The tokens by which guests show that a cart is theirs. None is stored: each is made from the cart's id. */
export type CartTokens = {
  readonly issue: (cartId: string) => string
  /** The cart's id. Refuses with cart.token-invalid what this shop has not issued. */
  readonly read: (token: string) => string
}

const label = 'tillstream cart token v1'
const keyBytes = 32
const tokenPattern = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/

/** The key is one of its own, so that a token of one kind never passes for another. All gateways have the same secret. */
export function cartTokens(secret: string): CartTokens {
  const key = Buffer.from(hkdfSync('sha256', secret, '', label, keyBytes))
  const macOf = (cartId: string): Buffer => createHmac('sha256', key).update(cartId).digest()
  return {
    issue: (cartId) => `${cartId}.${macOf(cartId).toString('base64url')}`,
    read(token) {
      const [, cartId = '', mac = ''] = tokenPattern.exec(token) ?? []
      // The last character of 43 has bits to spare, so the texts are compared and not the bytes that they stand for.
      const expected = Buffer.from(macOf(cartId).toString('base64url'))
      const given = Buffer.from(mac)
      if (given.length === expected.length && timingSafeEqual(given, expected)) return cartId
      throw new Refusal('unauthenticated', 'cart.token-invalid', 'the Cart-Token is not one of ours')
    },
  }
}

/** Undefined when there is none. */
export function cartTokenIn({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const token = headers['cart-token']
  return typeof token === 'string' && token !== '' ? token : undefined
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import { countAttempts } from './attempts.ts'
import { guestTokenIn, type GuestTokens } from './guest-tokens.ts'
import { addressOf, rateLimited } from './rates.ts'

/** The most addresses that are remembered. */
const rememberedAddresses = 50_000

/**
 * Makes the owner of a cart of whoever shows its token. Somebody who is logged in is known already, and has the own cart.
 * A bad access token is told as one, because the caller believes to be logged in.
 */
export function knowShopper(request: FastifyRequest, tokens: GuestTokens): void {
  const { caller } = request
  if (caller.call.actor) return
  if (caller.refused) throw caller.refused
  const token = guestTokenIn(request, 'cart-token')
  if (token === undefined) return
  request.caller = {
    ...caller,
    call: { ...caller.call, actor: { kind: 'guest', cartId: tokens.read(token) } },
  }
}

/** Makes the owner of an order of whoever shows its token. Somebody who is logged in is known already. */
export function knowBuyer(request: FastifyRequest, tokens: GuestTokens): void {
  const { caller } = request
  if (caller.call.actor || caller.refused) return
  const token = guestTokenIn(request, 'order-token')
  if (token === undefined) return
  request.caller = {
    ...caller,
    call: { ...caller.call, actor: { kind: 'buyer', orderId: tokens.read(token) } },
  }
}

export type LimitNewCarts = (request: FastifyRequest, reply: FastifyReply) => void

/** Limits how many guests' carts an address can make. Each is a row that stays for weeks. */
export function limitNewCarts(perMinute: number): LimitNewCarts {
  const made = countAttempts(perMinute, { remembered: rememberedAddresses })
  return (request, reply) => {
    if (request.caller.call.actor !== undefined) return
    const attempt = made.begin(addressOf(request))
    if (attempt.isAllowed) return
    void reply.headers({
      'ratelimit-limit': perMinute,
      'ratelimit-remaining': 0,
      'ratelimit-reset': attempt.resetSeconds,
      'retry-after': attempt.resetSeconds,
    })
    throw rateLimited()
  }
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../platform/callers/access.ts'
import { guestTokenIn, type GuestTokens } from './guest-tokens.ts'
import { addressOf, rateLimited } from './rates.ts'
import { secondsOf, type Rates } from './together/windows.ts'

type Headers = Pick<FastifyRequest, 'headers'>

/**
 * Makes the owner of a cart of whoever shows its token. Somebody who is logged in is known already, and has the own cart.
 * A bad access token is told as one, because the caller believes to be logged in.
 */
export function asShopper(caller: Caller, request: Headers, tokens: GuestTokens): Caller {
  if (caller.call.actor) return caller
  if (caller.refused) throw caller.refused
  const token = guestTokenIn(request, 'cart-token')
  if (token === undefined) return caller
  return { ...caller, call: { ...caller.call, actor: { kind: 'guest', cartId: tokens.read(token) } } }
}

/** Makes the owner of an order of whoever shows its token. Somebody who is logged in is known already. */
export function asBuyer(caller: Caller, request: Headers, tokens: GuestTokens): Caller {
  if (caller.call.actor || caller.refused) return caller
  const token = guestTokenIn(request, 'order-token')
  if (token === undefined) return caller
  return { ...caller, call: { ...caller.call, actor: { kind: 'buyer', orderId: tokens.read(token) } } }
}

export type LimitNewCarts = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** Limits how many guests' carts an address can make. Each is a row that stays for weeks. */
export function limitNewCarts(perMinute: number, rates: Rates): LimitNewCarts {
  const made = rates.exactWindows('carts')
  return async (request, reply) => {
    if (request.caller.call.actor !== undefined) return
    const attempt = await made.begin(addressOf(request), perMinute)
    if (attempt.isAllowed) return
    void reply.headers({
      'ratelimit-limit': perMinute,
      'ratelimit-remaining': 0,
      'ratelimit-reset': secondsOf(attempt.resetMs),
      'retry-after': secondsOf(attempt.resetMs),
    })
    throw rateLimited()
  }
}

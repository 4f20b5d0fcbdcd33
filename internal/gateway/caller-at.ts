import type { FastifyRequest } from 'fastify'
import { refusalToCall, type Caller } from '../platform/callers/access.ts'
import type { Endpoint } from './endpoint.ts'
import type { GuestTokens } from './guest-tokens.ts'
import { asBuyer, asShopper } from './shoppers.ts'

export type CallerTokens = {
  readonly cartTokens: GuestTokens
  readonly orderTokens: GuestTokens
  readonly staffSecondFactor: 'optional' | 'required'
}

/** The caller as the endpoint knows it: guests by the token of their cart or order. Refuses whoever may not call it. */
export function callerAt(
  endpoint: Endpoint,
  caller: Caller,
  request: Pick<FastifyRequest, 'headers'>,
  { cartTokens, orderTokens, staffSecondFactor }: CallerTokens,
): Caller {
  const known = knownAt(endpoint, caller, request, { cartTokens, orderTokens })
  const refusal = refusalToCall(endpoint, known, staffSecondFactor === 'required')
  if (refusal) throw refusal
  return known
}

function knownAt(
  { access }: Endpoint,
  caller: Caller,
  request: Pick<FastifyRequest, 'headers'>,
  { cartTokens, orderTokens }: Omit<CallerTokens, 'staffSecondFactor'>,
): Caller {
  if (access === 'shopper') return asShopper(caller, request, cartTokens)
  return access === 'buyer' ? asBuyer(caller, request, orderTokens) : caller
}

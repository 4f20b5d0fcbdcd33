import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../platform/refusal.ts'

/** At most so many callers are remembered. The one that was quiet for the longest time is forgotten first. */
const rememberedCallers = 50_000

type Rates = { readonly rateLimitPerMinute: number; readonly apiKeyRequestsPerMinute: number }

export async function limitRates(
  app: FastifyInstance,
  { rateLimitPerMinute, apiKeyRequestsPerMinute }: Rates,
): Promise<void> {
  await app.register(rateLimit, {
    max: (request) => (keyIdOf(request) === undefined ? rateLimitPerMinute : apiKeyRequestsPerMinute),
    timeWindow: 60_000,
    cache: rememberedCallers,
    enableDraftSpec: true,
    keyGenerator: (request) => request.caller.identity?.userId ?? keyIdOf(request) ?? addressOf(request),
    errorResponseBuilder: rateLimited,
  })
}

function keyIdOf({ caller: { call } }: FastifyRequest): string | undefined {
  return call.actor?.kind === 'key' ? call.actor.keyId : undefined
}

/** Counts by address even for callers who are logged in, because several tokens would give more guesses. */
export function credentialRate(perMinute: number) {
  return { max: perMinute, timeWindow: 60_000, keyGenerator: addressOf }
}

export const addressOf = (request: FastifyRequest): string => networkOf(request.ip)

/** IPv6 addresses are counted by their /64 network, because one customer has all of it. */
export const networkOf = (address: string): string => normalizeIP(address)

export const rateLimited = (): Refusal =>
  new Refusal('invalid', 'request.rate-limited', 'too many requests; Retry-After says when to try again')

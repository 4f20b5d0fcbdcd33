import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../platform/refusal.ts'

/** Remembered at once; the one that was quiet longest is forgotten first. */
const rememberedCallers = 50_000

export async function limitRates(app: FastifyInstance, perMinute: number): Promise<void> {
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    cache: rememberedCallers,
    enableDraftSpec: true,
    keyGenerator: (request) => request.caller.identity?.userId ?? addressOf(request),
    errorResponseBuilder: rateLimited,
  })
}

/** For routes where a token would only help to guess: per address, whoever is logged in. */
export function credentialRate(perMinute: number) {
  return { max: perMinute, timeWindow: 60_000, keyGenerator: addressOf }
}

/** An IPv6 customer has a /64. */
export const addressOf = (request: FastifyRequest): string => normalizeIP(request.ip)

export const rateLimited = (): Refusal =>
  new Refusal('invalid', 'request.rate-limited', 'too many requests; Retry-After says when to go on')

import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { LRUCache } from 'lru-cache'
import { countAttempts, type Attempt } from './attempts.ts'
import { addressOf, rateLimited } from './rates.ts'

/** All new addresses together have as many failures at one account as this number of single addresses. */
const addressesPerAccount = 10
/** The most accounts, and the most pairs of account and address, that are remembered. */
const remembered = 50_000

type AccountRate = Pick<RouteOptions, 'preHandler' | 'onSend'>

declare module 'fastify' {
  interface FastifyRequest {
    guess?: { readonly login: string; readonly own: Attempt; readonly everybody: Attempt | undefined }
  }
}

/**
 * Limits failed logins and registrations at each account, for each address and for all addresses together. An address
 * from which the owner has logged in before does not count towards the common limit, so that somebody who guesses
 * passwords cannot lock the owner out there. At a new address the owner may have to wait for a minute.
 */
export function accountRate(failuresPerMinute: number): AccountRate {
  const own = countAttempts(failuresPerMinute, { remembered })
  const everybody = countAttempts(failuresPerMinute * addressesPerAccount, { remembered })
  const known = new LRUCache<string, true>({ max: remembered })

  function begin(request: FastifyRequest): void {
    const login = loginOf(request.body)
    const pair = `${login} ${addressOf(request)}`
    request.guess = {
      login: pair,
      own: own.begin(pair),
      everybody: known.has(pair) ? undefined : everybody.begin(login),
    }
  }

  function end(request: FastifyRequest, status: number): void {
    if (!request.guess || isFailure(status)) return
    request.guess.own.forgive()
    request.guess.everybody?.forgive()
    if (status !== 200) return
    known.set(request.guess.login, true)
  }

  return {
    preHandler(request, reply, done) {
      begin(request)
      const refused = [request.guess?.own, request.guess?.everybody].find((one) => one && !one.isAllowed)
      if (!refused) {
        done()
        return
      }
      void reply.headers({
        'ratelimit-limit': failuresPerMinute,
        'ratelimit-remaining': 0,
        'ratelimit-reset': refused.resetSeconds,
        'retry-after': refused.resetSeconds,
      })
      done(rateLimited())
    },
    onSend(request, reply, payload, done) {
      tellRemaining(request, reply, failuresPerMinute)
      end(request, reply.statusCode)
      done(null, payload)
    },
  }
}

/** The statuses that somebody who guesses gets: of a failed login, and of a registration under a name that is taken. */
const isFailure = (status: number): boolean => status === 401 || status === 409 || status === 429

/** The headers report the limit that will be reached first. */
function tellRemaining({ guess }: FastifyRequest, reply: FastifyReply, limit: number): void {
  if (!guess || reply.statusCode === 429 || !isFailure(reply.statusCode)) return
  if (guess.own.remaining >= Number(reply.getHeader('ratelimit-remaining') ?? Infinity)) return
  void reply.headers({
    'ratelimit-limit': limit,
    'ratelimit-remaining': guess.own.remaining,
    'ratelimit-reset': guess.own.resetSeconds,
  })
}

function loginOf(body: unknown): string {
  const { email, username } = (body ?? {}) as { readonly email?: unknown; readonly username?: unknown }
  const login = typeof email === 'string' ? email : username
  return typeof login === 'string' ? login.trim().toLowerCase() : ''
}

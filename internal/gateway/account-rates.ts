import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { AccountOf } from './account-of.ts'
import { addressOf, rateLimited } from './rates.ts'
import { rememberedKeys, secondsOf, type Attempt, type Rates } from './together/windows.ts'
import type { Identity } from '../platform/callers/tokens.ts'

/** All new addresses together have as many failures at one account as this number of single addresses. */
const addressesPerAccount = 10

/** Of an endpoint that tries these logins. All endpoints count together. */
export type AccountRateOf = (
  loginsOf: (body: unknown, identity: Identity | undefined) => readonly string[],
) => AccountRate

type AccountRate = Pick<RouteOptions, 'preHandler' | 'onSend'>

/** One account that a request tries. A registration tries two: by its e-mail address and by its username. */
type Guess = {
  readonly account: string
  readonly pair: string
  readonly own: Attempt
  /** Undefined for an address that is known to the account, and for one that has used up its own attempts. */
  readonly everybody: Attempt | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    guesses?: readonly Guess[]
  }
}

/**
 * Limits failed logins and registrations at each account, for each address and for all addresses together. An address
 * from which the owner has logged in before does not count towards the common limit, so that somebody who guesses
 * passwords cannot lock the owner out there. At a new address the owner may have to wait for a minute. An address that
 * has used up its own attempts takes no more of the common ones.
 */
export function accountRate(failuresPerMinute: number, accountOf: AccountOf, rates: Rates): AccountRateOf {
  const own = rates.exactWindows('failures of an address')
  const everybody = rates.exactWindows('failures')
  const known = new LRUCache<string, true>({ max: rememberedKeys })

  async function begin(account: string, address: string): Promise<Guess> {
    const pair = `${account} ${address}`
    const mine = await own.begin(pair, failuresPerMinute)
    const isCommon = mine.isAllowed && !known.has(pair)
    const all = isCommon ? await everybody.begin(account, failuresPerMinute * addressesPerAccount) : undefined
    return { account, pair, own: mine, everybody: all }
  }

  function end({ guesses = [] }: FastifyRequest, status: number): void {
    if (isFailure(status)) return
    for (const guess of guesses) {
      forgive(guess)
      if (status === 200) known.set(guess.pair, true)
    }
  }

  return (loginsOf) => ({
    async preHandler(request, reply) {
      const accounts = await accountOf(loginsOf(request.body, request.caller.identity), request)
      const guesses = await Promise.all(accounts.map((account) => begin(account, addressOf(request))))
      request.guesses = guesses
      const refused = guesses.flatMap(attemptsOf).find((attempt) => !attempt.isAllowed)
      if (!refused) return
      // The request fails at none of the accounts, because it is not tried.
      for (const guess of guesses) forgive(guess)
      void reply.headers({
        'ratelimit-limit': failuresPerMinute,
        'ratelimit-remaining': 0,
        'ratelimit-reset': secondsOf(refused.resetMs),
        'retry-after': secondsOf(refused.resetMs),
      })
      throw rateLimited()
    },
    onSend(request, reply, payload, done) {
      tellRemaining(request, reply, failuresPerMinute)
      end(request, reply.statusCode)
      done(null, payload)
    },
  })
}

const attemptsOf = ({ own, everybody }: Guess): readonly Attempt[] => (everybody ? [own, everybody] : [own])

function forgive(guess: Guess): void {
  for (const attempt of attemptsOf(guess)) attempt.forgive()
}

/**
 * The statuses that somebody who guesses gets: of a failed login, of a wrong password where one is changed, and of a
 * registration under a name that is taken.
 */
const isFailure = (status: number): boolean => [401, 403, 409, 429].includes(status)

/** The headers report the limit that will be reached first. */
function tellRemaining({ guesses }: FastifyRequest, reply: FastifyReply, limit: number): void {
  if (reply.statusCode === 429 || !isFailure(reply.statusCode)) return
  const [own] = (guesses ?? []).map((guess) => guess.own).sort((a, b) => a.remaining - b.remaining)
  if (!own || own.remaining >= Number(reply.getHeader('ratelimit-remaining') ?? Infinity)) return
  void reply.headers({
    'ratelimit-limit': limit,
    'ratelimit-remaining': own.remaining,
    'ratelimit-reset': secondsOf(own.resetMs),
  })
}

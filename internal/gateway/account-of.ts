import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { UserService } from '../gen/user/v1/user_pb.ts'
import type { Handlers } from '../platform/service.ts'

/** The accounts that have these logins: an id, or for a login that nobody has, the login itself. */
export type AccountOf = (logins: readonly string[], request: FastifyRequest) => Promise<readonly string[]>

/** Begins the key of a login that nobody has. */
const nobody = 'nobody: '

export const accountIdOf = (account: string): string | undefined =>
  account.startsWith(nobody) ? undefined : account

/**
 * A look-up that finds an account is for all attempts of a minute, as long as a window of attempts is. That nobody has a
 * login is not remembered: somebody may register, and then all gateways must count for the same account.
 */
const remembered = { max: 50_000, ttl: 60_000 }

/**
 * Asks whose a login is, so that the e-mail address and the username of an account, in whatever spelling, count as one.
 * The client learns nothing of it: the answer to a wrong password is the same as without an account.
 */
export function accountsByLogin(users: Pick<Handlers<typeof UserService>, 'findAccount'>): AccountOf {
  const known = new LRUCache<string, string>(remembered)

  async function find(login: string, { caller }: FastifyRequest): Promise<string> {
    const found = known.get(login)
    if (found !== undefined) return found
    const { id } = await users.findAccount({ login }, caller.call)
    if (id === '') return `${nobody}${login}`
    known.set(login, id)
    return id
  }

  return async (logins, request) => {
    const spelled = logins.map((login) => login.trim().toLowerCase())
    const accounts = await Promise.all(spelled.map((login) => find(login, request)))
    return [...new Set(accounts)]
  }
}

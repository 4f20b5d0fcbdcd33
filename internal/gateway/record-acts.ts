import type { FastifyRequest, onResponseHookHandler } from 'fastify'
import type { Log } from '../platform/log.ts'
import { accountIdOf } from './account-of.ts'
import type { Endpoint } from './endpoint.ts'
import { addressOf } from './rates.ts'

/**
 * Logs failed logins and what admins do. Logins are not logged as they were typed, because people type passwords into
 * the wrong field; neither are bodies.
 */
export function recordActs(endpoint: Endpoint, log: Log): onResponseHookHandler {
  const { id: operation, rate } = endpoint
  const isRecorded = isActOfAdmin(endpoint)
  return (request, reply, done) => {
    const { statusCode: status } = reply
    if (rate === 'credentials' && status === 401) {
      const accountId = accountIdOf(request.guesses?.[0]?.account ?? '')
      log.info({ ...whoIn(request), accountId }, 'login failed')
    }
    const { identity } = request.caller
    if (isRecorded && identity?.role === 'admin') {
      const target = (request.params as { readonly id?: string }).id
      log.info({ ...whoIn(request), adminId: identity.userId, operation, target, status }, 'an admin acted')
    }
    done()
  }
}

/** Everything but reading what every caller may read: changes, what is for admins, and other people's accounts. */
const isActOfAdmin = ({ method, access, tag }: Endpoint): boolean =>
  method !== 'GET' || access === 'admin' || tag === 'users'

const whoIn = (request: FastifyRequest) => ({ address: addressOf(request), requestId: request.id })

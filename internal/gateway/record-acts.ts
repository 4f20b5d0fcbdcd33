import type { FastifyRequest, onResponseHookHandler } from 'fastify'
import type { Log } from '../platform/log.ts'
import { accountIdOf } from './account-of.ts'
import type { Endpoint } from './endpoint.ts'
import { addressOf } from './rates.ts'

/**
 * Logs failed logins and what staff and admins do. Logins are not logged as they were typed, because people type passwords into
 * the wrong field; neither are bodies.
 */
export function recordActs(endpoint: Endpoint, log: Log): onResponseHookHandler {
  const { id: operation, rate } = endpoint
  const isRecorded = isActOfStaff(endpoint)
  return (request, reply, done) => {
    const { statusCode: status } = reply
    if (rate === 'credentials' && status === 401) {
      const accountId = accountIdOf(request.guesses?.[0]?.account ?? '')
      log.info({ ...whoIn(request), accountId }, 'login failed')
    }
    const { identity } = request.caller
    if (isRecorded && identity && identity.role !== 'customer') {
      const target = (request.params as { readonly id?: string }).id
      const { userId: staffId, role } = identity
      log.info({ ...whoIn(request), staffId, role, operation, target, status }, 'staff acted')
    }
    const { actor } = request.caller.call
    if (isRecorded && actor?.kind === 'key') {
      const target = (request.params as { readonly id?: string }).id
      log.info({ ...whoIn(request), keyId: actor.keyId, operation, target, status }, 'an API key acted')
    }
    done()
  }
}

/** Everything but reading what every caller may read: changes, what is for staff, and other people's accounts. */
const isActOfStaff = ({ method, isQuery, access, tag }: Endpoint): boolean =>
  (method !== 'GET' && !isQuery) || access === 'admin' || access === 'staff' || tag === 'users'

const whoIn = (request: FastifyRequest) => ({ address: addressOf(request), requestId: request.id })

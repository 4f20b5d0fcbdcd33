import type { FastifyInstance, FastifyRequest } from 'fastify'
import { may, type Call } from '../platform/call.ts'
import { permissionMissing } from '../platform/permissions.ts'
import { Refusal } from '../platform/refusal.ts'
import type { Endpoint } from './endpoint.ts'
import type { EndedSessions } from './ended-sessions.ts'
import { addressOf } from './rates.ts'
import type { Identity, ReadToken } from './tokens.ts'

export type Caller = {
  readonly call: Call
  readonly identity: Identity | undefined
  /** Why the token was not accepted. It does not matter on routes that anyone may call. */
  readonly refused: Refusal | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
}

const traceparentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** Identifies the caller of each request. Whether the caller may do it is decided by `refusalToCall`. */
export function identifyCallers(app: FastifyInstance, readToken: ReadToken, ended: EndedSessions): void {
  app.decorateRequest('caller')
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id)
    const caller = callerOf(request, readToken)
    request.caller = caller
    if (!caller.identity) {
      done()
      return
    }
    const judge = (): void => {
      request.caller = judged(caller, ended)
      done()
    }
    if (ended.isCurrent()) judge()
    else
      void ended.refresh().then(judge, () => {
        request.caller = refusedAs(caller, unverifiable())
        done()
      })
  })
}

/** Without the identity when its session has ended or the account's rights have changed. */
function judged(caller: Caller, ended: EndedSessions): Caller {
  const { identity } = caller
  return identity && ended.isEnded(identity) ? refusedAs(caller, revoked()) : caller
}

const refusedAs = ({ call: { correlationId, traceparent } }: Caller, refused: Refusal): Caller => ({
  ...{ call: { actor: undefined, correlationId, traceparent }, identity: undefined, refused },
})

const revoked = (): Refusal =>
  new Refusal(
    'unauthenticated',
    'auth.session-revoked',
    'the session has ended, or its rights have changed: refresh it or log in again',
  )

const unverifiable = (): Refusal =>
  new Refusal(
    'unavailable',
    'auth.unverifiable',
    'nobody can say at the moment whether the session goes on; try again',
  )

function callerOf(request: FastifyRequest, readToken: ReadToken): Caller {
  const { authorization, traceparent } = request.headers
  const trace = typeof traceparent === 'string' && traceparentPattern.test(traceparent) ? traceparent : ''
  const nobody: Call = { actor: undefined, correlationId: request.id, traceparent: trace }
  try {
    const identity = readToken(authorization)
    if (!identity) return { call: nobody, identity, refused: undefined }
    const { userId, role, permissions } = identity
    const own = { kind: 'user', userId, role } as const
    const actor = role === 'staff' ? { ...own, permissions } : own
    const known = { actor, correlationId: request.id, traceparent: trace }
    if (role === 'customer') return { call: known, identity, refused: undefined }
    const by = { kind: 'user', id: userId, address: addressOf(request) } as const
    return { call: { ...known, by }, identity, refused: undefined }
  } catch (err) {
    if (!(err instanceof Refusal)) throw err
    return { call: nobody, identity: undefined, refused: err }
  }
}

/** Returns undefined when the caller may use the endpoint. */
export function refusalToCall(
  { access, permission }: Pick<Endpoint, 'access' | 'permission'>,
  { call, identity, refused }: Caller,
): Refusal | undefined {
  // Whether a guest's token is one of ours has been decided by then (shoppers.ts), as for a buyer's.
  if (access === 'anyone' || access === 'shopper') return undefined
  if (access === 'buyer' && call.actor?.kind === 'buyer') return undefined
  if (!identity) return refused ?? new Refusal('unauthenticated', 'auth.required', 'log in first')
  const isStaff = identity.role !== 'customer'
  if ((access === 'admin' && identity.role !== 'admin') || (access === 'staff' && !isStaff))
    return new Refusal(
      'forbidden',
      'auth.forbidden',
      `this is for ${access === 'staff' ? access : 'admins'} only`,
    )
  if (access === 'staff' && permission && !may(call, permission)) return permissionMissing(permission)
  return undefined
}

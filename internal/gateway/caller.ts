import type { FastifyInstance, FastifyRequest } from 'fastify'
import { may, type Call } from '../platform/call.ts'
import { permissionMissing } from '../platform/permissions.ts'
import { Refusal } from '../platform/refusal.ts'
import { keyInvalid, type ApiKeys } from './api-keys.ts'
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

export type Identifying = {
  readonly readToken: ReadToken
  readonly keys: ApiKeys
  readonly ended: EndedSessions
}

/** Identifies the caller of each request. Whether the caller may do it is decided by `refusalToCall`. */
export function identifyCallers(app: FastifyInstance, { readToken, keys, ended }: Identifying): void {
  app.decorateRequest('caller')
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id)
    const secret = keys.secretIn(request.headers.authorization)
    if (secret !== undefined) {
      void callerWithKey(request, { keys, ended }, secret).then((caller) => {
        request.caller = caller
        done()
      }, done)
      return
    }
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

/** A key that was deleted is told of like a session that has ended. */
async function callerWithKey(
  request: FastifyRequest,
  { keys, ended }: Omit<Identifying, 'readToken'>,
  secret: string,
): Promise<Caller> {
  const nobody = nobodyOf(request)
  try {
    const key = keys.recall(secret) ?? (await keys.ask(secret))
    if (key instanceof Refusal) return refusedAs(nobody, key)
    if (!ended.isCurrent()) await ended.refresh()
    const { keyId, permissions } = key
    if (ended.isEnded({ sessionId: keyId, userId: keyId, accessVersion: Infinity }))
      return refusedAs(nobody, keyInvalid())
    const by = { kind: 'key', id: keyId, address: addressOf(request) } as const
    const call = { ...nobody.call, actor: { kind: 'key', keyId, permissions }, by } as const
    return { call, identity: undefined, refused: undefined }
  } catch {
    return refusedAs(nobody, unverifiable()) // the user service is away, and its log says why
  }
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

function traceparentOf({ headers: { traceparent } }: FastifyRequest): string {
  return typeof traceparent === 'string' && traceparentPattern.test(traceparent) ? traceparent : ''
}

const nobodyOf = (request: FastifyRequest): Caller => ({
  call: { actor: undefined, correlationId: request.id, traceparent: traceparentOf(request) },
  ...{ identity: undefined, refused: undefined },
})

function callerOf(request: FastifyRequest, readToken: ReadToken): Caller {
  const { authorization } = request.headers
  try {
    const identity = readToken(authorization)
    if (!identity) return nobodyOf(request)
    const { userId, role, permissions } = identity
    const own = { kind: 'user', userId, role } as const
    const actor = role === 'staff' ? { ...own, permissions } : own
    const known = { actor, correlationId: request.id, traceparent: traceparentOf(request) }
    if (role === 'customer') return { call: known, identity, refused: undefined }
    const by = { kind: 'user', id: userId, address: addressOf(request) } as const
    return { call: { ...known, by }, identity, refused: undefined }
  } catch (err) {
    if (!(err instanceof Refusal)) throw err
    return { ...nobodyOf(request), refused: err }
  }
}

/** Returns undefined when the caller may use the endpoint. */
export function refusalToCall(
  { access, permission, isForSetup = false }: Pick<Endpoint, 'access' | 'permission' | 'isForSetup'>,
  { call, identity, refused }: Caller,
  needsSecondFactor = false,
): Refusal | undefined {
  if (call.actor?.kind === 'key' && access !== 'anyone') {
    if (!permission) return new Refusal('forbidden', 'auth.key-not-allowed', 'this is not for API keys')
    return may(call, permission) ? undefined : permissionMissing(permission)
  }
  // Whether a guest's token is one of ours has been decided by then (shoppers.ts), as for a buyer's.
  if (access === 'anyone' || access === 'shopper') return undefined
  if (access === 'buyer' && call.actor?.kind === 'buyer') return undefined
  if (!identity) return refused ?? new Refusal('unauthenticated', 'auth.required', 'log in first')
  const isStaff = identity.role !== 'customer'
  if (isStaff && needsSecondFactor && !identity.hasSecondFactor && !isForSetup) return secondFactorMissing()
  if ((access === 'admin' && identity.role !== 'admin') || (access === 'staff' && !isStaff))
    return new Refusal(
      'forbidden',
      'auth.forbidden',
      `this is for ${access === 'staff' ? access : 'admins'} only`,
    )
  if (access === 'staff' && permission && !may(call, permission)) return permissionMissing(permission)
  return undefined
}

const secondFactorMissing = (): Refusal =>
  new Refusal('forbidden', 'auth.second-factor-missing', 'set up a second factor first')

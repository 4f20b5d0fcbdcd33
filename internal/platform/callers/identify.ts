import type { Call } from '../call.ts'
import { Refusal } from '../refusal.ts'
import type { Caller } from './access.ts'
import { keyInvalid, type ApiKeys } from './api-keys.ts'
import type { EndedSessions } from './ended-sessions.ts'
import type { Standing } from './standing.ts'
import type { Identity } from './tokens.ts'

/** What a request says of its caller. */
export type Asked = {
  readonly authorization: string | undefined
  readonly correlationId: string
  /** As it came; it is passed on only when it is well formed. */
  readonly traceparent: unknown
  /** From where, for the log of who did what. */
  readonly address: () => string
}

export type Identifying = {
  /** Undefined without a token. Refuses one that is not good. It answers at once where the signature is known here. */
  readonly readToken: (
    authorization: string | undefined,
  ) => Identity | undefined | Promise<Identity | undefined>
  readonly keys: ApiKeys
  readonly ended: EndedSessions
}

const traceparentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/**
 * Says who calls. Whether they may do what they ask for is decided by `refusalToCall`. It answers at once unless
 * somebody else has to be asked.
 */
export function identify(asked: Asked, { readToken, keys, ended }: Identifying): Caller | Promise<Caller> {
  const { authorization } = asked
  const secret = keys.secretIn(authorization)
  if (secret !== undefined) return callerWithKey(asked, { keys, ended }, secret)
  const refused = (err: unknown): Caller => {
    if (!(err instanceof Refusal)) throw err
    return { ...nobodyOf(asked), refused: err }
  }
  try {
    const identity = readToken(authorization)
    if (identity instanceof Promise)
      return identity.then((read) => judge(callerOf(asked, read), ended), refused)
    return judge(callerOf(asked, identity), ended)
  } catch (err) {
    return refused(err)
  }
}

/** A key that was deleted is told of like a session that has ended. */
async function callerWithKey(
  asked: Asked,
  { keys, ended }: Omit<Identifying, 'readToken'>,
  secret: string,
): Promise<Caller> {
  const nobody = nobodyOf(asked)
  try {
    const key = keys.recall(secret) ?? (await keys.ask(secret))
    if (key instanceof Refusal) return refusedAs(nobody, key)
    if (!ended.isCurrent()) await ended.refresh()
    const { keyId, permissions, expiresAtMs } = key
    const keyStanding = { sessionId: keyId, userId: keyId, accessVersion: Infinity, expiresAtMs }
    if (ended.isEnded(keyStanding)) return refusedAs(nobody, keyInvalid())
    const by = { kind: 'key', id: keyId, address: asked.address() } as const
    const call = { ...nobody.call, actor: { kind: 'key', keyId, permissions }, by } as const
    return { call, identity: undefined, refused: undefined, keyStanding }
  } catch {
    return refusedAs(nobody, unverifiable()) // the user service is away, and its log says why
  }
}

/** Undefined for guests and whoever is not known. */
export function standingOf({ identity, keyStanding }: Caller): Standing | undefined {
  if (!identity) return keyStanding
  const { sessionId, userId, accessVersion, expiresAtSeconds } = identity
  return { sessionId, userId, accessVersion, expiresAtMs: expiresAtSeconds * 1_000 }
}

function judge(caller: Caller, ended: EndedSessions): Caller | Promise<Caller> {
  if (!caller.identity) return caller
  if (ended.isCurrent()) return judged(caller, ended)
  return ended.refresh().then(
    () => judged(caller, ended),
    () => refusedAs(caller, unverifiable()),
  )
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

const contextOf = ({ correlationId, traceparent }: Asked): Pick<Call, 'correlationId' | 'traceparent'> => ({
  correlationId,
  traceparent: typeof traceparent === 'string' && traceparentPattern.test(traceparent) ? traceparent : '',
})

const nobodyOf = (asked: Asked): Caller => ({
  call: { actor: undefined, ...contextOf(asked) },
  ...{ identity: undefined, refused: undefined },
})

function callerOf(asked: Asked, identity: Identity | undefined): Caller {
  if (!identity) return nobodyOf(asked)
  const { userId, role, permissions } = identity
  const own = { kind: 'user', userId, role } as const
  const call = { actor: role === 'staff' ? { ...own, permissions } : own, ...contextOf(asked) }
  if (role === 'customer') return { call, identity, refused: undefined }
  const by = { kind: 'user', id: userId, address: asked.address() } as const
  return { call: { ...call, by }, identity, refused: undefined }
}

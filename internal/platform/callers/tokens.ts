import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Role } from '../call.ts'
import { isPermission, type Permission } from '../permissions.ts'
import { Refusal } from '../refusal.ts'
import { parseUuid } from '../uuid.ts'

/** What a token says about its bearer. */
export type Identity = {
  readonly userId: string
  readonly role: Role
  /** Of staff. */
  readonly permissions: readonly Permission[]
  readonly hasSecondFactor: boolean
  readonly email: string
  readonly sessionId: string
  /** Of the account's rights, by which the token was made. */
  readonly accessVersion: number
  readonly expiresAtSeconds: number
}

/** Names the secret that has signed a token, without saying anything about it. */
export const keyId = (secret: string): string =>
  createHash('sha256').update(`kid ${secret}`).digest('base64url').slice(0, 8)

/** Of the secrets whose tokens are accepted, by their key ids. */
export type Verifiers = ReadonlyMap<string, Verifier>

/** Gives the claims of a token that its secret has signed and whose time is not over, and throws for any other. */
export type Verifier = { readonly verify: (token: string) => Readonly<Record<string, unknown>> }

/** The verified tokens of the latest callers are remembered, because verifying a token is slow. */
const rememberedTokens = 5_000

/** Ours have some 300 characters, an e-mail address may add 340, and all permissions 600. */
const tokenLength = 1_536

/** Returns undefined without a token. Refuses with auth.token-invalid or auth.token-expired. */
export type ReadToken = (authorization: string | undefined) => Identity | undefined

/** Remembers tokens and not the headers that brought them: a header can be written in any number of ways. */
export function tokenReader(verifiers: Verifiers): ReadToken {
  const remembered = new LRUCache<string, Identity>({ max: rememberedTokens })
  return (authorization) => {
    if (authorization === undefined) return undefined
    const token = tokenIn(authorization)
    let identity = remembered.get(token)
    if (!identity) {
      identity = verify(verifiers, token)
      remembered.set(copyOf(token), identity)
    }
    if (identity.expiresAtSeconds * 1_000 > Date.now()) return identity
    remembered.delete(token)
    throw expired()
  }
}

export function tokenIn(authorization: string): string {
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1]
  if (token === undefined || token.length > tokenLength) throw invalid()
  return token
}

/** V8 would keep the whole header for the sake of a part of it. */
export const copyOf = (token: string): string => Buffer.from(token, 'latin1').toString('latin1')

function verify(verifiers: Verifiers, token: string): Identity {
  try {
    const verifier = verifiers.get(keyIdIn(token))
    if (!verifier) throw invalid()
    return readClaims(verifier.verify(token))
  } catch (err) {
    throw (err as { readonly code?: unknown }).code === 'FAST_JWT_EXPIRED' ? expired() : invalid()
  }
}

function keyIdIn(token: string): string {
  const header: unknown = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString())
  return String((header as { readonly kid?: unknown } | null)?.kid)
}

/** Tokens of versions before 0.9 have no session, so they can't be ended: whoever has one logs in again. */
function readClaims(claims: Readonly<Record<string, unknown>>): Identity {
  const { sub, role, email, exp, sid, ver, prm, sf } = claims
  if (!isRole(role) || typeof email !== 'string') throw invalid()
  if (typeof exp !== 'number' || typeof ver !== 'number') throw invalid()
  return {
    userId: parseUuid(sub, 'auth.token-invalid', 'sub'),
    sessionId: parseUuid(sid, 'auth.token-invalid', 'sid'),
    ...{ role, email, accessVersion: ver, expiresAtSeconds: exp },
    hasSecondFactor: sf === true,
    permissions: role === 'staff' && Array.isArray(prm) ? prm.map(String).filter(isPermission) : [],
  }
}

export const isRole = (role: unknown): role is Role =>
  role === 'customer' || role === 'staff' || role === 'admin'

export const invalid = (): Refusal =>
  new Refusal('unauthenticated', 'auth.token-invalid', 'the token is not one of ours')

export const expired = (): Refusal =>
  new Refusal('unauthenticated', 'auth.token-expired', 'the token has expired; refresh it')

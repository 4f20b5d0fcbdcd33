import type { JWT } from '@fastify/jwt'
import { LRUCache } from 'lru-cache'
import type { Role } from '../platform/call.ts'
import { Refusal } from '../platform/refusal.ts'
import { parseUuid } from '../platform/uuid.ts'

/** What a token says about its bearer. */
export type Identity = {
  readonly userId: string
  readonly role: Role
  readonly email: string
  readonly expiresAtSeconds: number
}

/** The verified tokens of the latest callers are remembered, because verifying a token is slow. */
const rememberedTokens = 5_000

/** Ours have some 300 characters, and an e-mail address may add 340. */
const tokenLength = 1_024

/** Returns undefined without a token. Refuses with auth.token-invalid or auth.token-expired. */
export type ReadToken = (authorization: string | undefined) => Identity | undefined

export function issueToken(
  jwt: JWT,
  user: { readonly id: string; readonly role: string; readonly email: string },
  lifetimeSeconds: number,
): string {
  const issuedAt = Math.floor(Date.now() / 1_000)
  return jwt.sign({
    sub: user.id,
    role: user.role,
    email: user.email,
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
  })
}

/** Remembers tokens and not the headers that brought them: a header can be written in any number of ways. */
export function tokenReader(jwt: JWT): ReadToken {
  const remembered = new LRUCache<string, Identity>({ max: rememberedTokens })
  return (authorization) => {
    if (authorization === undefined) return undefined
    const token = tokenIn(authorization)
    let identity = remembered.get(token)
    if (!identity) {
      identity = verify(jwt, token)
      remembered.set(copyOf(token), identity)
    }
    if (identity.expiresAtSeconds * 1_000 > Date.now()) return identity
    remembered.delete(token)
    throw expired()
  }
}

function tokenIn(authorization: string): string {
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1]
  if (token === undefined || token.length > tokenLength) throw invalid()
  return token
}

/** V8 would keep the whole header for the sake of a part of it. */
const copyOf = (token: string): string => Buffer.from(token, 'latin1').toString('latin1')

function verify(jwt: JWT, token: string): Identity {
  try {
    return readClaims(jwt.verify(token))
  } catch (err) {
    throw (err as { readonly code?: unknown }).code === 'FAST_JWT_EXPIRED' ? expired() : invalid()
  }
}

function readClaims(claims: Readonly<Record<string, unknown>>): Identity {
  const { sub, role, email, exp } = claims
  if ((role !== 'customer' && role !== 'admin') || typeof email !== 'string' || typeof exp !== 'number')
    throw invalid()
  return { userId: parseUuid(sub, 'auth.token-invalid', 'sub'), role, email, expiresAtSeconds: exp }
}

const invalid = (): Refusal =>
  new Refusal('unauthenticated', 'auth.token-invalid', 'the token is not one of ours')

const expired = (): Refusal =>
  new Refusal('unauthenticated', 'auth.token-expired', 'the token has expired; log in again')

import { createHmac, randomUUID } from 'node:crypto'
import { keyId } from '../../internal/platform/callers/tokens.ts'

const lifetimeSeconds = 86_400

/** Makes a token as the gateway does at login. The tools know the secret of their stack, so they need not log in. */
export function signToken(secret: string, userId: string, role: 'customer' | 'admin'): string {
  const issuedAt = Math.floor(Date.now() / 1_000)
  const claims = {
    ...{ sub: userId, role, email: `${userId}@example.com` },
    ...{ sid: randomUUID(), ver: 1 },
    ...{ iat: issuedAt, exp: issuedAt + lifetimeSeconds },
  }
  const text = [{ alg: 'HS256', typ: 'JWT', kid: keyId(secret) }, claims].map(encode).join('.')
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')

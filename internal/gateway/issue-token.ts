import type { JWT } from '@fastify/jwt'

export type TokenOwner = {
  readonly id: string
  readonly role: string
  readonly email: string
  readonly permissions: readonly string[]
  readonly secondFactor: boolean
}

/** The same user, session and time give the same token. */
export function issueToken(
  jwt: Pick<JWT, 'sign'>,
  user: TokenOwner,
  session: { readonly id: string; readonly accessVersion: number; readonly refreshedAt: string },
  lifetimeSeconds: number,
): string {
  const issuedAt = Math.floor(Date.parse(session.refreshedAt) / 1_000)
  return jwt.sign({
    sub: user.id,
    role: user.role,
    ...(user.role === 'staff' ? { prm: user.permissions } : {}),
    ...(user.secondFactor ? { sf: true } : {}),
    email: user.email,
    sid: session.id,
    ver: session.accessVersion,
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
  })
}

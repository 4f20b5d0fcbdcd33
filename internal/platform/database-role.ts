import { createHash, createHmac } from 'node:crypto'

/** PostgreSQL cuts longer names. */
const maxNameBytes = 63

/** The role that owns nothing but what its service needs. Roles are server-wide, so the name has the database's. */
export function roleName(databaseUrl: string, schema: string): string {
  const database = decodeURIComponent(new URL(databaseUrl).pathname.slice(1))
  const name = `${database}_${schema}`
  if (Buffer.byteLength(name) <= maxNameBytes) return name
  return `tillstream_${createHash('sha256').update(database).digest('hex').slice(0, 16)}_${schema}`
}

/**
 * The password of a role: it follows from the owner's, so that nothing has to be kept, and nobody can compute the
 * owner's from it. Undefined for an owner without a password.
 */
export function rolePassword(databaseUrl: string, role: string): string | undefined {
  const owner = decodeURIComponent(new URL(databaseUrl).password)
  if (owner === '') return undefined
  return createHmac('sha256', owner).update(`tillstream role ${role}`).digest('base64url')
}

/** The same database, as that role. */
export function asRole(databaseUrl: string, role: string, password: string): string {
  const url = new URL(databaseUrl)
  url.username = encodeURIComponent(role)
  url.password = encodeURIComponent(password)
  return url.href
}

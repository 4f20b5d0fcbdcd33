import type { Role } from '../../platform/call.ts'
import { isPermission } from '../../platform/permissions.ts'
import type { Account, UserId } from '../domain/account.ts'
import type { Email, Username } from '../domain/login.ts'
import { Prisma } from './db/client.ts'
import { secondFactorJson, secondFactorOf } from './second-factor-json.ts'

/** An account as it is stored. Two columns count what is told of its sessions (session-events.ts). */
export type AccountRow = Omit<
  Account,
  | 'id'
  | 'username'
  | 'email'
  | 'role'
  | 'permissions'
  | 'passwordHash'
  | 'secondFactor'
  | 'blockedAt'
  | 'erasedAt'
  | 'emailVerifiedAt'
  | 'lastEventAt'
> & {
  readonly passwordHash: string | null
  readonly hasPassword: boolean
  readonly sessionVersion: number
  readonly lastSessionAt: Date | null
  readonly secondFactor: unknown
  readonly permissions: readonly string[]
  readonly blockedAt: Date | null
  readonly erasedAt: Date | null
  readonly emailVerifiedAt: Date | null
  readonly lastEventAt: Date | null
  readonly id: string
  readonly username: string | null
  readonly email: string | null
  readonly role: string
}

export const toRow = (account: Account) => ({
  ...account,
  username: account.erasedAt ? null : account.username,
  email: account.erasedAt ? null : account.email,
  erasedAt: account.erasedAt ?? null,
  permissions: [...account.permissions],
  secondFactor: account.secondFactor ? secondFactorJson(account.secondFactor) : Prisma.DbNull,
  passwordHash: account.passwordHash ?? null,
  hasPassword: account.passwordHash !== undefined,
  blockedAt: account.blockedAt ?? null,
  emailVerifiedAt: account.emailVerifiedAt ?? null,
})

/** Stored values went through the parsers before, so they are trusted. */
export function fromRow(stored: AccountRow): Account {
  const { hasPassword: _, sessionVersion: _count, lastSessionAt: _at, ...row } = stored
  return {
    ...row,
    id: row.id as UserId,
    username: (row.username ?? '') as Username,
    email: (row.email ?? '') as Email,
    role: row.role as Role,
    secondFactor: secondFactorOf(row.secondFactor),
    permissions: row.permissions.filter(isPermission), // one of an earlier version may be gone
    passwordHash: row.passwordHash ?? undefined,
    blockedAt: row.blockedAt ?? undefined,
    erasedAt: row.erasedAt ?? undefined,
    emailVerifiedAt: row.emailVerifiedAt ?? undefined,
    lastEventAt: row.lastEventAt ?? row.createdAt,
  }
}

import type { Brand } from '../../platform/brand.ts'
import type { Role } from '../../platform/call.ts'
import type { Change } from '../../platform/change.ts'
import type { Email, Username } from './login.ts'
import type { Profile } from './profile.ts'

export type UserId = Brand<string, 'UserId'>

export type Account = Profile & {
  readonly id: UserId
  readonly username: Username
  readonly email: Email
  readonly role: Role
  readonly passwordHash: string
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export type AccountEvent = { readonly type: 'UserCreated'; readonly account: Account }
export type AccountChange = Change<Account, AccountEvent>

export type NewAccount = Profile & Pick<Account, 'id' | 'username' | 'email' | 'role' | 'passwordHash'>

export function openAccount(account: NewAccount, at: Date): AccountChange {
  const state: Account = { ...account, version: 1, createdAt: at, updatedAt: at }
  return { state, events: [{ type: 'UserCreated', account: state }] }
}

/** Changing a profile has no event, because a profile is private. */
export function changeProfile(account: Account, profile: Partial<Profile>, at: Date): AccountChange {
  return { state: { ...account, ...profile, version: account.version + 1, updatedAt: at }, events: [] }
}

/** For accounts whose password and role come from the settings of the installation. */
export function changeAccess(
  account: Account,
  access: Pick<Account, 'passwordHash' | 'role'>,
  at: Date,
): AccountChange {
  return { state: { ...account, ...access, version: account.version + 1, updatedAt: at }, events: [] }
}

import type { Brand } from '../../platform/brand.ts'
import type { Role } from '../../platform/call.ts'
import type { Change } from '../../platform/change.ts'
import type { Permission } from '../../platform/permissions.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Identity } from './identity.ts'
import type { Email, Username } from './login.ts'
import type { MailRequest } from './mail-request.ts'
import type { SecondFactor } from './second-factor.ts'
import type { Profile } from './profile.ts'

export type UserId = Brand<string, 'UserId'>

export type Account = Profile & {
  readonly id: UserId
  readonly username: Username
  readonly email: Email
  readonly role: Role
  /** Of staff: what an admin has given them; empty for everybody else. */
  readonly permissions: readonly Permission[]
  /** Undefined for whoever logs in by an identity elsewhere and has set none. */
  readonly passwordHash: string | undefined
  readonly secondFactor: SecondFactor | undefined
  /** Is raised when the account's rights change: access tokens of an older version are good no more. */
  readonly accessVersion: number
  /** Nobody logs in to a blocked account, and it has no sessions. */
  readonly blockedAt: Date | undefined
  /** Since then the account is nobody's, and has neither a username nor an e-mail address: they are empty. */
  readonly erasedAt: Date | undefined
  /** Since then it is known that the e-mail address is theirs. */
  readonly emailVerifiedAt: Date | undefined
  /** How many events have told of the account, and when the last one did. Some changes have none. */
  readonly eventVersion: number
  readonly lastEventAt: Date
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** What events say has changed of an account. */
export type Changed = 'profile' | 'role' | 'permissions' | 'blocked' | 'email_verified' | 'second_factor'
/** Who or what has given an account another password. */
export type PasswordChanger = 'owner' | 'reset' | 'identity' | 'settings'

export type AccountEvent =
  | { readonly type: 'UserCreated'; readonly account: Account }
  | { readonly type: 'UserUpdated'; readonly account: Account; readonly changed: readonly Changed[] }
  | { readonly type: 'PasswordChanged'; readonly account: Account; readonly by: PasswordChanger }
  | { readonly type: 'MailRequested'; readonly account: Account; readonly request: MailRequest }
  | { readonly type: 'IdentityLinked'; readonly account: Account; readonly identity: Identity }
  | { readonly type: 'IdentityUnlinked'; readonly account: Account; readonly identity: Identity }
  | { readonly type: 'UserErased'; readonly account: Account }
  | { readonly type: 'DataErased'; readonly account: Account; readonly context: string }

export type AccountChange = Change<Account, AccountEvent>

export type NewAccount = Profile &
  Pick<Account, 'id' | 'username' | 'email' | 'role' | 'passwordHash'> &
  Partial<Pick<Account, 'emailVerifiedAt'>>

export function openAccount(account: NewAccount, at: Date): AccountChange {
  const state: Account = {
    ...account,
    permissions: [],
    emailVerifiedAt: account.emailVerifiedAt,
    secondFactor: undefined,
    accessVersion: 1,
    blockedAt: undefined,
    erasedAt: undefined,
    eventVersion: 1,
    lastEventAt: at,
    version: 1,
    createdAt: at,
    updatedAt: at,
  }
  return { state, events: [{ type: 'UserCreated', account: state }] }
}

/** Adds an event to a change: the account's next one. */
export function alsoTell(
  { state, events }: AccountChange,
  at: Date,
  eventOf: (account: Account) => AccountEvent,
): AccountChange {
  const told: Account = { ...state, eventVersion: state.eventVersion + 1, lastEventAt: at }
  return { state: told, events: [...events, eventOf(told)] }
}

/** Adds to a change what is another one than it was before, if anything is. */
export function tellUpdate(before: Account, change: AccountChange, at: Date): AccountChange {
  const changed = whatChanged(before, change.state)
  if (changed.length === 0) return change
  return alsoTell(change, at, (account) => ({ type: 'UserUpdated', account, changed }))
}

function whatChanged(before: Account, after: Account): readonly Changed[] {
  const facts: readonly (readonly [Changed, (account: Account) => unknown])[] = [
    ['profile', ({ name, phone, address }) => JSON.stringify([name, phone, address])],
    ['role', ({ role }) => role],
    ['permissions', ({ permissions }) => String(permissions)],
    ['blocked', ({ blockedAt }) => blockedAt !== undefined],
    ['email_verified', ({ emailVerifiedAt }) => emailVerifiedAt !== undefined],
    ['second_factor', hasSecondFactor],
  ]
  return facts.flatMap(([what, of]) => (of(before) === of(after) ? [] : [what]))
}

/** A profile is private, so the event says only that it has changed. */
export function changeProfile(account: Account, profile: Partial<Profile>, at: Date): AccountChange {
  const state = { ...account, ...profile, version: account.version + 1, updatedAt: at }
  return tellUpdate(account, { state, events: [] }, at)
}

/** Whoever has changed a password ends the sessions of those who know the old one (see `Accounts.update`). */
export function changeAccess(
  account: Account,
  access: Pick<Account, 'passwordHash' | 'role'>,
  by: PasswordChanger,
  at: Date,
): AccountChange {
  const accessVersion = account.accessVersion + (access.role === account.role ? 0 : 1)
  const permissions = access.role === 'staff' ? account.permissions : []
  const state = {
    ...account,
    ...access,
    permissions,
    accessVersion,
    version: account.version + 1,
    updatedAt: at,
  }
  const change = tellUpdate(account, { state, events: [] }, at)
  if (access.passwordHash === account.passwordHash) return change
  return alsoTell(change, at, (told) => ({ type: 'PasswordChanged', account: told, by }))
}

/** Who has one, and who has it no more, may do other things, so access tokens of before are good no more. */
export function changeSecondFactor(
  account: Account,
  secondFactor: SecondFactor | undefined,
  at: Date,
): AccountChange {
  const versions = { accessVersion: account.accessVersion + 1, version: account.version + 1 }
  const state = { ...account, ...versions, secondFactor, updatedAt: at }
  return tellUpdate(account, { state, events: [] }, at)
}

export const hasSecondFactor = ({ secondFactor }: Account): boolean => secondFactor?.confirmedAt !== undefined

/** What an admin decides about somebody. Absent fields stay as they are; undefined when nothing changes. */
export type Access = {
  readonly role?: Role | undefined
  readonly permissions?: readonly Permission[] | undefined
  readonly blocked?: boolean | undefined
  /** For who has lost both the app and the recovery codes. */
  readonly removesSecondFactor?: boolean
}

export function decideAccess(account: Account, access: Access, at: Date): AccountChange | undefined {
  const { role = account.role, blocked = account.blockedAt !== undefined } = access
  if (role !== 'staff' && access.permissions && access.permissions.length > 0)
    throw new Refusal('invalid', 'user.not-staff', 'only staff have permissions: an admin has all of them')
  const permissions = role === 'staff' ? (access.permissions ?? account.permissions) : []
  const secondFactor = access.removesSecondFactor ? undefined : account.secondFactor
  const isSame =
    role === account.role &&
    String(permissions) === String(account.permissions) &&
    secondFactor === account.secondFactor
  if (isSame && blocked === (account.blockedAt !== undefined)) return undefined
  const blockedAt = blocked ? (account.blockedAt ?? at) : undefined
  const versions = { accessVersion: account.accessVersion + 1, version: account.version + 1 }
  const state = { ...account, ...versions, role, permissions, secondFactor, blockedAt, updatedAt: at }
  return tellUpdate(account, { state, events: [] }, at)
}

import type { Trace } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { blocked, linkIdentity, withIdentity } from '../domain/account-identity.ts'
import { openAccount, type Account, type UserId } from '../domain/account.ts'
import type { Claims, Identity, IdentityId } from '../domain/identity.ts'
import { parseEmail, type Email } from '../domain/login.ts'
import { parseProfile } from '../domain/profile.ts'
import type { Accounts } from './accounts.ts'
import { underFreeUsername } from './free-username.ts'
import type { Identities } from './identities.ts'

export type EnterDeps = {
  readonly accounts: Accounts
  readonly identities: Identities
  readonly newUserId: () => UserId
  readonly newIdentityId: () => IdentityId
  readonly now: () => Date
}

/**
 * The account of whoever a provider has let in: the one with this identity, else the one with their verified e-mail
 * address, which is linked, else a new one without a password.
 */
export function enterByIdentity(deps: EnterDeps) {
  return async (provider: string, claims: Claims, trace: Trace): Promise<Account> => {
    try {
      return await enter(deps, provider, claims, trace)
    } catch (err) {
      // The same person comes twice at once, or somebody has just registered with the address: who was first is found now.
      if (err instanceof Refusal && !err.code.endsWith('-taken')) throw err
      return enter(deps, provider, claims, trace)
    }
  }
}

async function enter(deps: EnterDeps, provider: string, claims: Claims, trace: Trace): Promise<Account> {
  const { accounts, identities, now } = deps
  const known = await identities.find(claims)
  if (known?.blockedAt) throw blocked()
  if (known) return known
  const email = verifiedEmailOf(claims)
  const { issuer, subject } = claims
  const identity = { id: deps.newIdentityId(), provider, issuer, subject, createdAt: now() }
  const account = await accounts.findByLogin({ email })
  if (!account) return add(deps, identity, email, claims.name, trace)
  const linked = await accounts.update(
    account.id,
    (seen) => {
      if (seen.email !== email)
        throw new Refusal('conflict', 'user.email-taken', 'it belongs to nobody any more')
      return linkIdentity(seen, identity)
    },
    trace,
    // Whoever is in it need not be the owner of the address.
    account.emailVerifiedAt ? undefined : { reason: 'identity_linked', at: identity.createdAt },
  )
  if (!linked) throw new Refusal('conflict', 'user.email-taken', 'the account is gone')
  return linked
}

function verifiedEmailOf({ email, isEmailVerified }: Claims): Email {
  if (email !== undefined && isEmailVerified) return parseEmail(email)
  throw new Refusal(
    'forbidden',
    'auth.identity-email-unverified',
    'the provider has not verified your e-mail address; verify it there, or register here',
  )
}

async function add(
  { accounts, newUserId }: EnterDeps,
  identity: Identity,
  email: Email,
  name: string,
  trace: Trace,
): Promise<Account> {
  const at = identity.createdAt
  const profile = { name: nameOrNone(name), phone: '', address: '' }
  const account = { ...profile, id: newUserId(), email, role: 'customer' } as const
  return underFreeUsername(account, (username) => {
    const opened = openAccount({ ...account, username, passwordHash: undefined, emailVerifiedAt: at }, at)
    return accounts.add(withIdentity(opened, identity), trace)
  })
}

/** Somebody's name elsewhere may be none here. */
function nameOrNone(name: string): string {
  try {
    return parseProfile({ name }).name ?? ''
  } catch {
    return ''
  }
}

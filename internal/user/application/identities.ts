import type { Trace } from '../../platform/call.ts'
import type { Account, AccountChange, UserId } from '../domain/account.ts'
import type { Claims, Identity } from '../domain/identity.ts'

/**
 * The identities elsewhere by which people log in. `Accounts.add` and `Accounts.update` store and remove them, when a
 * change tells of it.
 */
export type Identities = {
  /** Whose identity it is. */
  readonly find: (identity: Pick<Identity, 'issuer' | 'subject'>) => Promise<Account | undefined>
  /** The oldest first. */
  readonly ofUser: (userId: UserId) => Promise<readonly Identity[]>
  /** `decide` gets the locked account with all of its identities, and may refuse. */
  readonly update: (
    userId: UserId,
    decide: (account: Account, identities: readonly Identity[]) => AccountChange,
    trace: Trace,
  ) => Promise<Account | undefined>
}

/** Codes that give a session once. Only their digests are known to it. */
export type LoginCodes = {
  readonly add: (digest: string, userId: UserId, expiresAt: Date) => Promise<void>
  /** Whose it is; undefined after the end of its time. */
  readonly look: (digest: string, at: Date) => Promise<UserId | undefined>
  /** Takes it away: one of those who want it at once gets it, and nobody after the end of its time. */
  readonly take: (digest: string, at: Date) => Promise<UserId | undefined>
  /** Forgets those that expired before. */
  readonly forget: (before: Date) => Promise<void>
}

/** One login at a provider, from its beginning to its end in the same browser. */
export type Attempt = {
  readonly provider: string
  readonly redirectUri: string
  readonly returnTo: string
  readonly expiresAt: number
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Makes an attempt a text that nobody else can make. */
export type Seals = {
  readonly seal: (attempt: Attempt) => string
  /** Undefined for a text that this shop has not made. */
  readonly open: (sealed: string) => Attempt | undefined
}

export type Secrets = Pick<Attempt, 'state' | 'nonce' | 'verifier'>

/** A provider of OpenID Connect. Both refuse with auth.provider-unavailable when it is away. */
export type IdentityProvider = {
  readonly id: string
  readonly name: string
  /** Where people log in. */
  readonly urlFor: (attempt: Secrets & Pick<Attempt, 'redirectUri'>) => Promise<string>
  /**
   * What the provider says of whoever was sent back to this URL. Refuses with auth.identity-refused when they were not let
   * in, and with auth.identity-invalid what is not the provider's answer to this attempt.
   */
  readonly claimsOf: (url: string, attempt: Secrets & Pick<Attempt, 'redirectUri'>) => Promise<Claims>
}

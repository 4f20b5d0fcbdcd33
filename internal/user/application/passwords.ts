import type { Password } from '../domain/password.ts'

/** Hashing is slow on purpose. Calls are refused with `overloaded` when too many are waiting already. */
export type Passwords = {
  readonly hash: (password: Password) => Promise<string>
  readonly matches: (password: Password, hash: string) => Promise<boolean>
  /** True for a hash of another algorithm or cost than those of today. */
  readonly isOutdated: (hash: string) => boolean
}

/**
 * Hashes of no password, one of each kind that accounts have but for the kind of this hash. Comparing with them as well
 * takes as long whatever kind an account has, and for a login that nobody has.
 */
export type OtherDecoys = (hash: string | undefined) => Promise<readonly string[]>

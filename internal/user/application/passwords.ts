import type { Password } from '../domain/password.ts'

/** Hashing is slow on purpose. Calls are refused with `overloaded` when too many are waiting already. */
export type Passwords = {
  readonly hash: (password: Password) => Promise<string>
  readonly matches: (password: Password, hash: string) => Promise<boolean>
}

import type { Password } from '../domain/password.ts'

/** Slow on purpose. Refused with `overloaded` when too many wait already. */
export type Passwords = {
  readonly hash: (password: Password) => Promise<string>
  readonly matches: (password: Password, hash: string) => Promise<boolean>
}

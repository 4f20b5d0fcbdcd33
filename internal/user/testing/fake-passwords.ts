import type { Passwords } from '../application/passwords.ts'

/** Hashes that can be read, and a count of the work that real ones would have been. */
export function fakePasswords(): Passwords & { readonly computed: () => number } {
  let computed = 0
  return {
    async hash(password) {
      computed++
      return `hash of ${password}`
    },
    async matches(password, hash) {
      computed++
      return hash === `hash of ${password}`
    },
    computed: () => computed,
  }
}

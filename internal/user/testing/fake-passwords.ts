import type { Passwords } from '../application/passwords.ts'

/** Readable hashes, with a count of the hashes that would have been computed. */
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
    isOutdated: (hash) => !hash.startsWith('hash of '),
    computed: () => computed,
  }
}

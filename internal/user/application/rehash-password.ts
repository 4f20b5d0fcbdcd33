import type { Trace } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Account } from '../domain/account.ts'
import type { Password } from '../domain/password.ts'
import type { Accounts } from './accounts.ts'
import type { Later } from './later.ts'
import type { Passwords } from './passwords.ts'

type Deps = { readonly accounts: Accounts; readonly passwords: Passwords; readonly later: Later }

/** It has no event. */
const trace: Trace = { correlationId: '', causationId: '', traceparent: '' }

/**
 * Hashes a password anew whose hash is of another algorithm or cost than those of today. Only a login knows the password.
 * It waits for none of this, and neither fails with it: the next one tries again.
 */
export function rehashPassword({ accounts, passwords, later }: Deps) {
  return ({ id, passwordHash: outdated }: Account, password: Password): void =>
    later(id, async () => {
      const passwordHash = await passwords.hash(password).catch(unlessOverloaded)
      if (passwordHash === undefined) return
      // A password that was changed meanwhile is another one.
      const replace = (seen: Account): Account =>
        seen.passwordHash === outdated ? { ...seen, passwordHash } : seen
      await accounts.update(id, (seen) => ({ state: replace(seen), events: [] }), trace)
    })
}

function unlessOverloaded(err: unknown): undefined {
  if (!(err instanceof Refusal)) throw err
}

import { requireUser, traceOf, type Call } from '../../platform/call.ts'
import { changeProfile, type Account, type UserId } from '../domain/account.ts'
import { parseProfile, type Profile } from '../domain/profile.ts'
import type { Accounts } from './accounts.ts'
import { unknownUser } from './get-user.ts'

type Deps = { readonly accounts: Accounts; readonly now: () => Date }

/** Changes the caller's own profile. Absent fields stay as they are. */
export function updateProfile({ accounts, now }: Deps) {
  return async (
    changes: { readonly [Field in keyof Profile]?: string | undefined },
    call: Call,
  ): Promise<Account> => {
    const profile = parseProfile(changes)
    // The id comes from a token that the gateway has signed, so it needs no parsing.
    const id = requireUser(call).userId as UserId
    const account = await accounts.update(
      id,
      (current) => changeProfile(current, profile, now()),
      traceOf(call),
    )
    return account ?? unknownUser()
  }
}

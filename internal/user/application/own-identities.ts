import { requireUser, traceOf, type Call } from '../../platform/call.ts'
import { unlinkIdentity } from '../domain/account-identity.ts'
import type { UserId } from '../domain/account.ts'
import type { Identity, IdentityId } from '../domain/identity.ts'
import { unknownUser } from './get-user.ts'
import type { Identities } from './identities.ts'

type Deps = { readonly identities: Identities; readonly now: () => Date }

export function listIdentities({ identities }: Pick<Deps, 'identities'>) {
  return async (call: Call): Promise<readonly Identity[]> =>
    identities.ofUser(requireUser(call).userId as UserId)
}

/** Nobody is locked out by it: the only way into an account stays. */
export function unlinkOwnIdentity({ identities, now }: Deps) {
  return async (id: IdentityId, call: Call): Promise<void> => {
    const changed = await identities.update(
      requireUser(call).userId as UserId,
      (account, all) => unlinkIdentity(account, all, { id }, now()),
      traceOf(call),
    )
    if (!changed) unknownUser()
  }
}

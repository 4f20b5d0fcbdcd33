import { requireUser, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'

type Deps = { readonly openMoney: (userId: string) => Promise<boolean> }

/** Whether somebody has a payment or a refund that has not ended. For themselves and for admins, before they are erased. */
export function hasOpenMoney({ openMoney }: Deps) {
  return async (userId: string, call: Call): Promise<boolean> => {
    const asking = requireUser(call)
    if (asking.userId !== userId && asking.role !== 'admin')
      throw new Refusal('forbidden', 'auth.forbidden', "other people's money is for admins only")
    return openMoney(userId)
  }
}

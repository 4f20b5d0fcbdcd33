import { requireUser, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'

type Deps = { readonly openOrders: (userId: string) => Promise<boolean> }

/** Whether somebody has an order that still has to know who they are. For themselves and for admins, before they are erased. */
export function hasOpenOrders({ openOrders }: Deps) {
  return async (userId: string, call: Call): Promise<boolean> => {
    const asking = requireUser(call)
    if (asking.userId !== userId && asking.role !== 'admin')
      throw new Refusal('forbidden', 'auth.forbidden', "other people's orders is for admins only")
    return openOrders(userId)
  }
}

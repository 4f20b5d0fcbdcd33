import { requireUser, traceOf, type Call } from '../../platform/call.ts'
import type { OrderId, UserId } from '../domain/order.ts'
import type { Payments } from './payments.ts'

/** Orders that were bought without an account. */
export type GuestOrders = {
  /** Those that name this address, in any case; some of them if there are very many. */
  readonly boughtAs: (email: string) => Promise<readonly OrderId[]>
  /** They are the user's from now on, but for those that are somebody's already. Returns how many became theirs. */
  readonly giveTo: (userId: UserId, ids: readonly OrderId[]) => Promise<number>
}

type Deps = { readonly guestOrders: GuestOrders; readonly payments: Pick<Payments, 'takeOver'> }

/**
 * What the caller has bought as a guest with this address becomes his. That the address is his a mail has shown, which the
 * gateway knows. The payments are told first, so a crash leaves nothing that the next call does not find.
 */
export function claimOrders({ guestOrders, payments }: Deps) {
  return async (email: string, call: Call): Promise<number> => {
    const userId = requireUser(call).userId as UserId
    let claimed = 0
    for (
      let ids = await guestOrders.boughtAs(email);
      ids.length > 0;
      ids = await guestOrders.boughtAs(email)
    ) {
      await payments.takeOver(ids, userId, traceOf(call))
      claimed += await guestOrders.giveTo(userId, ids)
    }
    return claimed
  }
}

import type { CartService } from '../gen/cart/v1/cart_pb.ts'
import type { Call, Role } from '../platform/call.ts'
import type { Log } from '../platform/log.ts'
import type { Handlers } from '../platform/service.ts'
import type { GuestTokens } from './guest-tokens.ts'
import { within } from './within.ts'

export type MergeGuestCart = (
  token: string | undefined,
  user: { readonly id: string; readonly role: Role },
  call: Call,
) => Promise<void>

type Deps = {
  readonly carts: Pick<Handlers<typeof CartService>, 'mergeCarts'>
  readonly cartTokens: GuestTokens
  readonly log: Log
}

/** Nobody waits longer than this to be logged in. The merge goes on, and the next login finds what it has left. */
const patienceMs = 2_000

/**
 * Gives a guest who has just logged in what the guest's cart holds. It never fails the login: a failure is logged, the
 * guest's cart stays as it is, and the next login with its token tries again.
 */
export function mergeGuestCart({ carts, cartTokens, log }: Deps): MergeGuestCart {
  return async (token, { id: userId, role }, { correlationId, traceparent }) => {
    if (token === undefined || token === '') return
    const call: Call = { actor: { kind: 'user', userId, role }, correlationId, traceparent }
    try {
      await within(patienceMs, carts.mergeCarts({ guestCartId: cartTokens.read(token) }, call))
    } catch (err) {
      log.warn({ err, userId, requestId: correlationId }, "a guest's cart was not merged at login")
    }
  }
}

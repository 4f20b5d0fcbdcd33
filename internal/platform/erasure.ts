import { systemCall, type Call } from './call.ts'
import type { EventType } from './event.ts'
import { failpoint } from './failpoint.ts'
import { newId } from './new-id.ts'
import { reactTo, type React, type Sweep } from './reaction.ts'
import { parseUuid } from './uuid.ts'

// How a service that keeps something of people erases it (docs/adr/0046). It does so as soon as it hears of the erasure,
// and again when the user service names the person a minute later; only that it confirms.

/**
 * Removes what the service keeps of these persons, and returns those of whom nothing is left: something may have to wait,
 * such as an order that is paid and not shipped. Idempotent.
 */
export type ErasePeople = (userIds: readonly string[]) => Promise<readonly string[]>

/** The part of the user service's contract that is needed for that. */
export type ErasureCalls = {
  readonly listErasures: (
    request: { readonly context: string },
    call: Call,
  ) => Promise<{ readonly userIds: readonly string[] }>
  readonly confirmErasures: (
    request: { readonly context: string; readonly userIds: readonly string[] },
    call: Call,
  ) => Promise<unknown>
}

/** The reaction to `user.erased`. */
const eraseOnEvent = (erased: EventType, erase: ErasePeople): React =>
  reactTo(
    erased,
    ({ data }) => parseUuid(data.userId, 'message.invalid-user', "a user's id"),
    async (ids) => {
      await erase([...new Set(ids)])
      return ids.map(() => undefined)
    },
  )

/** Erases and confirms what is not confirmed, whatever became of the event. */
function confirmErased(context: string, user: ErasureCalls, erase: ErasePeople): Sweep {
  return async () => {
    const call = systemCall(newId())
    const { userIds } = await user.listErasures({ context }, call)
    if (userIds.length === 0) return {}
    const done = await erase(userIds)
    failpoint('erase-confirm')
    if (done.length > 0) await user.confirmErasures({ context, userIds: done }, call)
    return { erased: done.length }
  }
}

export type Erasing = {
  /** The name of the service. */
  readonly context: string
  /** The type of `user.erased`. */
  readonly erased: EventType
  readonly user: ErasureCalls
  readonly erase: ErasePeople
}

/** What a service that keeps something of people adds to its reactions and to its sweep. */
export const erasing = ({ context, erased, user, erase }: Erasing) => ({
  reactions: { [`erase-${context}`]: eraseOnEvent(erased, erase) },
  sweep: confirmErased(context, user, erase),
})

import type { Trace } from '../../platform/call.ts'
import { abandon } from '../domain/checkout.ts'
import type { Carts } from './ports.ts'

type Deps = {
  readonly carts: Carts
  readonly now: () => Date
  readonly abandonedAfterHours: number
  readonly guestsKeptForDays: number
  /** The trace of changes that nobody asked for. */
  readonly newTrace: () => Trace
}

export type Kept = { readonly abandoned: number; readonly removed: number; readonly keys: number }

const hourMs = 3_600_000
/** Short enough for one transaction, and a few rounds of it keep up with any shop. */
export const keptAtOnce = 200

/** One round of what time does to carts. The next one may follow at once when one of the figures is `keptAtOnce`. */
export function keepCarts(deps: Deps) {
  const { carts, now, guestsKeptForDays } = deps
  return async (): Promise<Kept> => {
    const abandoned = await abandonUntouched(deps)
    const removed = await carts.removeGuests(
      new Date(now().getTime() - guestsKeptForDays * 24 * hourMs),
      keptAtOnce,
    )
    return { abandoned, removed, keys: await carts.removeOldKeys(keptAtOnce) }
  }
}

/** Returns how many were found; one that was just touched by its owner is active and has lost nothing. */
async function abandonUntouched({ carts, now, abandonedAfterHours, newTrace }: Deps): Promise<number> {
  const before = new Date(now().getTime() - abandonedAfterHours * hourMs)
  const found = await carts.untouchedSince(before, keptAtOnce)
  const trace = newTrace()
  await Promise.all(
    found.map(async (cart) => {
      const change = abandon(cart, before, now())
      if (change) await carts.store(change, trace)
    }),
  )
  return found.length
}

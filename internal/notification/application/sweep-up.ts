import type { Deliveries } from './ports.ts'

type Deps = {
  readonly deliveries: Pick<Deliveries, 'removeEnded'>
  readonly now: () => Date
  readonly keptMs: number
}

const removedAtOnce = 500

/** Removes what has ended long ago. Returns how many there were. */
export const removeOldDeliveries =
  ({ deliveries, now, keptMs }: Deps) =>
  (): Promise<number> =>
    deliveries.removeEnded(new Date(now().getTime() - keptMs), removedAtOnce)

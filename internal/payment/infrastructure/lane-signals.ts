import { createSignal, type Signal } from '../../platform/signal.ts'

export type LaneSignals = {
  /** One for each lane. Its own `notify` wakes this lane alone. */
  readonly signals: readonly Signal[]
  /** Wakes one lane that rests, or else the next one that is about to. */
  readonly notify: () => void
}

/**
 * What there is to do is for whichever lane comes first, and each that comes asks the database for all kinds of work. So a
 * notification wakes one.
 */
export function laneSignals(count: number): LaneSignals {
  const resting = new Set<Signal>()
  let isMissed = false

  function lane(): Signal {
    const own = createSignal()
    return {
      notify: own.notify,
      async wait(timeoutMs) {
        if (isMissed) {
          isMissed = false
          return
        }
        resting.add(own)
        await own.wait(timeoutMs)
        resting.delete(own)
      },
    }
  }

  return {
    signals: Array.from({ length: count }, lane),
    notify() {
      const [first] = resting
      if (!first) {
        isMissed = true
        return
      }
      resting.delete(first)
      first.notify()
    },
  }
}

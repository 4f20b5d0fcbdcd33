import type { placeOrder } from '../application/place-order.ts'
import type { settleCreatedOrders } from '../application/settle-created-orders.ts'

type Work = {
  readonly place: ReturnType<typeof placeOrder>
  readonly settle: ReturnType<typeof settleCreatedOrders>
}

export type HoldBackLimits = {
  /** Orders that are placed and not decided, or being placed; more wait until some are decided. */
  readonly undecided: number
  /** An order counts no longer than this: where nothing is decided at all, `undecided` more are let in after each such time. */
  readonly forgottenAfterMs: number
}

/**
 * Keeps accepting from outrunning settlement: placing begins when there is room. It counts what passes through this
 * process; which order was decided does not matter, so that another replica may decide it.
 */
export function holdBack({ place, settle }: Work, limits: HoldBackLimits): Work {
  const { undecided, forgottenAfterMs } = limits
  /** When each of them was let in, the oldest first. */
  const counted: number[] = []
  const waiting: (() => void)[] = []
  let timer: NodeJS.Timeout | undefined

  function hasRoom(): boolean {
    const forgotten = performance.now() - forgottenAfterMs
    while (counted[0] !== undefined && counted[0] <= forgotten) counted.shift()
    return counted.length < undecided
  }

  function room(): Promise<void> | undefined {
    if (waiting.length === 0 && hasRoom()) {
      counted.push(performance.now())
      return undefined
    }
    return new Promise((resolve) => {
      waiting.push(resolve)
      plan()
    })
  }

  function letIn(): void {
    while (waiting.length > 0 && hasRoom()) {
      counted.push(performance.now())
      waiting.shift()?.()
    }
    clearTimeout(timer)
    timer = undefined
    if (waiting.length > 0) plan()
  }

  /** Should nothing be decided, the oldest is forgotten. */
  function plan(): void {
    if (timer) return
    const forgottenInMs = (counted[0] ?? 0) + forgottenAfterMs - performance.now()
    timer = setTimeout(letIn, Math.max(1, forgottenInMs))
  }

  return {
    async place(input, call) {
      await room()
      let isUndecided = false
      try {
        const placed = await place(input, call)
        isUndecided = placed.isNew
        return placed
      } finally {
        if (!isUndecided) {
          counted.pop()
          letIn()
        }
      }
    },
    async settle(created) {
      const refusals = await settle(created)
      const later = refusals.filter((refusal) => refusal?.kind === 'unavailable').length
      counted.splice(0, created.length - later)
      letIn()
      return refusals
    },
  }
}

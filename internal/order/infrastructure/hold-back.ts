import type { placeOrder } from '../application/place-order.ts'
import type { settleCreatedOrders } from '../application/settle-created-orders.ts'

type Work = {
  readonly place: ReturnType<typeof placeOrder>
  readonly settle: ReturnType<typeof settleCreatedOrders>
}

export type HoldBackLimits = {
  /**
   * The most orders that are being placed or are placed and not yet decided. Further orders wait until some are
   * decided.
   */
  readonly undecided: number
  /**
   * After this time an order no longer counts, even if it is not decided. So if no decisions come at all, `undecided`
   * more orders are still accepted in each such period.
   */
  readonly forgottenAfterMs: number
}

/**
 * Keeps orders from being accepted faster than they are settled: a request waits until there is room. Only placements
 * and settlements in this process are counted. Which orders they concern does not matter, so another replica may have
 * placed the ones that are settled here.
 */
export function holdBack({ place, settle }: Work, limits: HoldBackLimits): Work {
  const { undecided, forgottenAfterMs } = limits
  /** The times at which the counted orders were accepted, oldest first. */
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

  /** Plans to look again when the oldest order stops counting, in case no decision comes before. */
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

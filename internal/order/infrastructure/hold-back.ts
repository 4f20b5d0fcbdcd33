import type { placeOrder } from '../application/place-order.ts'
import type { settleCreatedOrders } from '../application/settle-created-orders.ts'

type Work = {
  readonly place: ReturnType<typeof placeOrder>
  readonly settle: ReturnType<typeof settleCreatedOrders>
}

type HeldBack = Work & {
  /** Holds back other work that makes orders, together with `place`. */
  readonly counted: <Args extends readonly unknown[], Made extends { readonly isNew: boolean }>(
    work: (...args: Args) => Promise<Made>,
  ) => (...args: Args) => Promise<Made>
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
export function holdBack({ place, settle }: Work, limits: HoldBackLimits): HeldBack {
  const { undecided, forgottenAfterMs } = limits
  /** The times at which the counted orders were accepted, oldest first. */
  const accepted: number[] = []
  const waiting: (() => void)[] = []
  let timer: NodeJS.Timeout | undefined

  function hasRoom(): boolean {
    const forgotten = performance.now() - forgottenAfterMs
    while (accepted[0] !== undefined && accepted[0] <= forgotten) accepted.shift()
    return accepted.length < undecided
  }

  function room(): Promise<void> | undefined {
    if (waiting.length === 0 && hasRoom()) {
      accepted.push(performance.now())
      return undefined
    }
    return new Promise((resolve) => {
      waiting.push(resolve)
      plan()
    })
  }

  function letIn(): void {
    while (waiting.length > 0 && hasRoom()) {
      accepted.push(performance.now())
      waiting.shift()?.()
    }
    clearTimeout(timer)
    timer = undefined
    if (waiting.length > 0) plan()
  }

  /** Plans to look again when the oldest order stops counting, in case no decision comes before. */
  function plan(): void {
    if (timer) return
    const forgottenInMs = (accepted[0] ?? 0) + forgottenAfterMs - performance.now()
    timer = setTimeout(letIn, Math.max(1, forgottenInMs))
  }

  function giveBack(): void {
    accepted.pop()
    letIn()
  }

  const counted = countedBy(room, giveBack)
  return {
    counted,
    place: counted(place),
    async settle(created) {
      const refusals = await settle(created)
      const later = refusals.filter((refusal) => refusal?.kind === 'unavailable').length
      accepted.splice(0, created.length - later)
      letIn()
      return refusals
    },
  }
}

/** The work takes a place, and gives it back when it makes no order. */
function countedBy(room: () => Promise<void> | undefined, giveBack: () => void): HeldBack['counted'] {
  return (work) =>
    async (...args) => {
      await room()
      try {
        const made = await work(...args)
        if (!made.isNew) giveBack()
        return made
      } catch (err) {
        giveBack()
        throw err
      }
    }
}

/** How long work waits for the event loop. */
export type LoopDelay = {
  /** The least that a turn was late within the last window: what stands, not what a single pause was. */
  readonly standingMs: () => number
  readonly stop: () => void
}

const everyMs = 20
/** A pause of the garbage collector or a busy neighbour is shorter; what stands for longer is too much work. */
const windowTicks = 12

/** As CoDel looks at a queue: its minimum over a while, because bursts are no overload. */
export function measureLoopDelay(): LoopDelay {
  let [standing, least, ticks] = [0, Infinity, 0]
  let expected = performance.now() + everyMs
  const timer = setInterval(() => {
    const now = performance.now()
    least = Math.min(least, Math.max(0, now - expected))
    expected = now + everyMs
    // One turn in time ends it at once.
    standing = Math.min(standing, least)
    if (++ticks < windowTicks) return
    standing = least
    least = Infinity
    ticks = 0
  }, everyMs)
  timer.unref()
  return { standingMs: () => standing, stop: () => clearInterval(timer) }
}

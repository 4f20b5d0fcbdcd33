/** How long work waits for the event loop. */
export type LoopDelay = {
  /** The least delay of any turn in the last window. A single long pause does not show in it, a lasting delay does. */
  readonly standingMs: () => number
  readonly stop: () => void
}

const everyMs = 20
/**
 * The window is longer than a pause of the garbage collector, so a delay that lasts for all of it means too much work.
 */
const windowTicks = 12

/** Works as CoDel does with a queue: it uses the minimum over a while, because a burst is no overload. */
export function measureLoopDelay(): LoopDelay {
  let [standing, least, ticks] = [0, Infinity, 0]
  let expected = performance.now() + everyMs
  const timer = setInterval(() => {
    const now = performance.now()
    least = Math.min(least, Math.max(0, now - expected))
    expected = now + everyMs
    // A single turn that is in time ends the delay at once.
    standing = Math.min(standing, least)
    if (++ticks < windowTicks) return
    standing = least
    least = Infinity
    ticks = 0
  }, everyMs)
  timer.unref()
  return { standingMs: () => standing, stop: () => clearInterval(timer) }
}

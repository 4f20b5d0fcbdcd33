const tickMs = 50

export type LoopDelay = {
  /** How long what is read from a connection now may have waited in this process, at the most. */
  readonly longestWaitMs: () => number
  readonly stop: () => void
}

/**
 * While the event loop is held up, what arrives lies unread. A timer that should run every 50 ms tells by how much it is late;
 * what is read between this run of it and the next may have waited since the run before.
 */
export function watchLoopDelay(now: () => number = () => performance.now()): LoopDelay {
  let last = now()
  let lateMs = 0
  const timer = setInterval(() => {
    const at = now()
    lateMs = Math.max(0, at - last - tickMs)
    last = at
  }, tickMs)
  timer.unref()
  return {
    longestWaitMs: () => now() - last + lateMs,
    stop: () => clearInterval(timer),
  }
}

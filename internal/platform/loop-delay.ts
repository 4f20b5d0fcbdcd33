const tickMs = 50

export type LoopDelay = {
  /** The longest time that a message which is read now can have waited unread in this process. */
  readonly longestWaitMs: () => number
  readonly stop: () => void
}

/**
 * While the event loop is blocked, messages that arrive are not read. A timer that should run every 50 ms measures by
 * how much it is late. A message that is read after a run of the timer may have waited since the run before.
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

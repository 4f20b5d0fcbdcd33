/** Wakes whoever waits. A notification that comes while nobody waits is kept for the next wait. */
export type Signal = {
  readonly notify: () => void
  /** Resolves at the next notification, or after `timeoutMs`. */
  readonly wait: (timeoutMs: number) => Promise<void>
}

export function createSignal(): Signal {
  let notified = false
  let wake: (() => void) | undefined
  return {
    notify() {
      notified = true
      wake?.()
    },
    async wait(timeoutMs) {
      if (!notified) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        wake = undefined
      }
      notified = false
    },
  }
}

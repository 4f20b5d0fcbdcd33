import { type Test } from 'tap'

/** Shifts the clock of this process by `offsetMs` until the test ends. */
export function stepped(t: Test): { offsetMs: number; looks: number } {
  const right = Date.now
  const clock = { offsetMs: 0, looks: 0 }
  Date.now = () => {
    clock.looks++
    return right() + clock.offsetMs
  }
  t.teardown(() => void (Date.now = right))
  return clock
}

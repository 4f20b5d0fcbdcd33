import { type Test } from 'tap'

/** This process's clock, which tells another time until the test ends. */
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

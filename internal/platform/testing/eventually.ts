import { setTimeout as sleep } from 'node:timers/promises'

/** Far beyond what anything here takes, so that only a fault reaches it. */
const patienceMs = 20_000
const lookEveryMs = 10

/** Waits until `look` finds something, and says what was waited for if it never does. */
export async function eventually<Found>(
  what: string,
  look: () => Promise<Found> | Found,
  withinMs = patienceMs,
): Promise<NonNullable<Exclude<Found, false>>> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== null && found !== false)
      return found as NonNullable<Exclude<Found, false>>
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`)
    await sleep(lookEveryMs)
  }
}

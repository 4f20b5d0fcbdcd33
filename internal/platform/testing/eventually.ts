import { setTimeout as sleep } from 'node:timers/promises'

/** Much longer than anything in the tests takes, so that only a fault reaches this limit. */
const patienceMs = 20_000
const lookEveryMs = 10

/** Waits until `look` finds something. If it never does, the error says what was waited for. */
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

import { setTimeout as sleep } from 'node:timers/promises'
import { NotExercised } from './field.ts'

/** Waits until `look` finds something; a look that throws has found nothing. */
export async function waitFor<Found>(
  what: string,
  withinMs: number,
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
  everyMs = 50,
): Promise<Found> {
  const deadline = performance.now() + withinMs
  let trouble = ''
  for (;;) {
    try {
      const found = await look()
      if (found !== undefined && found !== false) return found
    } catch (err) {
      trouble = `: ${String(err)}`
    }
    if (performance.now() > deadline) throw new NotExercised(`not within ${withinMs} ms: ${what}${trouble}`)
    await sleep(everyMs)
  }
}

export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

/** How often the log says so, from a place in it on. */
export const countOf = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length

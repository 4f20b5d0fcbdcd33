import { NotExercised } from './not-exercised.ts'
import { until } from '../shared/wait.ts'

/**
 * Waits until `look` finds something. A look that throws has found nothing. Throws NotExercised when the time is over.
 */
export async function waitFor<Found>(
  what: string,
  withinMs: number,
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
  everyMs = 50,
): Promise<Found> {
  let trouble = ''
  const tolerant = async (): Promise<Found | undefined | false> => {
    try {
      return await look()
    } catch (err) {
      trouble = `: ${String(err)}`
      return undefined
    }
  }
  const found = await until(tolerant, { withinMs, everyMs })
  if (found === undefined) throw new NotExercised(`not within ${withinMs} ms: ${what}${trouble}`)
  return found
}

export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

/** How often the pattern occurs in the text. */
export const countOf = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length

import { isDatabaseOutage } from './database.ts'
import { Refusal } from './refusal.ts'

/**
 * Makes the refusal that a caller may see: a refusal stays as it is, an outage says "try again", a bug tells nothing.
 */
export function toRefusal(err: unknown): Refusal {
  if (err instanceof Refusal) return err
  if (isDatabaseOutage(err)) {
    return new Refusal(
      'unavailable',
      'database.unavailable',
      'the database does not answer; try again in a moment',
    )
  }
  return new Refusal('internal', 'internal', 'internal error')
}

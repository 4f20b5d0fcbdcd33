import { isDatabaseOutage } from './database.ts'
import { Refusal } from './refusal.ts'

/** What a caller may be told of an error: a refusal as it is, an outage as "try again", and of a bug nothing. */
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

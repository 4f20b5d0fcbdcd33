import { isDatabaseOutage } from './database.ts'
import { Refusal } from './refusal.ts'

/** What a caller may be told of an error: a refusal as it is, an outage as "try again"; undefined for a bug. */
export function refusalOf(err: unknown): Refusal | undefined {
  if (err instanceof Refusal) return err
  if (!isDatabaseOutage(err)) return undefined
  return new Refusal(
    'unavailable',
    'database.unavailable',
    'the database does not answer; try again in a moment',
  )
}

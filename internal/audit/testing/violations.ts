import { aggregates, storingServices } from '../../services.ts'
import { runAudit } from '../audit-service.ts'

/** The services' databases, all of them one. */
export const oneDatabase = (url: string): Readonly<Record<string, string>> =>
  Object.fromEntries(storingServices.map((service) => [service, url]))

/** The invariants that are violated in that database, each with what it says of the offenders. */
export async function violationsIn(
  url: string,
  kinds: typeof aggregates = aggregates,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const { invariants } = await runAudit({ aggregates: kinds, databases: oneDatabase(url), nats: undefined })
  return Object.fromEntries(
    invariants.filter(({ violations }) => violations > 0).map(({ name, offenders }) => [name, offenders]),
  )
}

import { connect } from '@nats-io/transport-node'
import { runAudit } from '../../internal/audit/audit-service.ts'
import { natsOptions } from '../../internal/platform/nats-access.ts'
import { aggregates, storingServices } from '../../internal/services.ts'

/** One of the audit's invariants, with what it has found. */
export type Invariant = {
  readonly name: string
  readonly checked: number
  readonly violations: number
  /** The first few violations in words. */
  readonly offenders: readonly string[]
}

/** Runs the audit on a running shop whose services share one database. */
export async function auditShop(shop: {
  readonly databaseUrl: string
  readonly natsUrl: string
}): Promise<readonly Invariant[]> {
  const nats = await connect({ ...natsOptions(shop.natsUrl), name: 'tillstream-tools audit' })
  try {
    const databases = Object.fromEntries(storingServices.map((service) => [service, shop.databaseUrl]))
    return (await runAudit({ databases, aggregates, nats })).invariants
  } finally {
    await nats.close()
  }
}

/** Each violated invariant in words. */
export const violationsOf = (invariants: readonly Omit<Invariant, 'checked'>[]): readonly string[] =>
  invariants.flatMap(({ name, violations, offenders }) =>
    violations === 0 ? [] : [`${name}: ${counted(violations)}, such as ${offenders.join('; ')}`],
  )

const counted = (violations: number): string =>
  violations === 1 ? '1 violation' : `${violations} violations`

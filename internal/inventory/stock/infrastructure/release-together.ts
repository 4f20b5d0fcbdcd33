import { isDatabaseOutage, retryContention } from '../../../platform/database.ts'
import { groupCommit } from '../../../platform/group-commit.ts'
import type { WakeProducer } from '../../../platform/outbox.ts'
import type { PoolSql } from '../../../platform/pool-sql.ts'
import type { OrderId } from '../../domain/ids.ts'
import type { Release, Reservations } from '../application/reservations.ts'
import { releaseAll } from './release-reservations.ts'

type Releasing = { readonly releases: readonly Release[]; readonly at: Date }

/**
 * Those who end orders bring one or a few, fifty of them at once. They share a transaction, so that they do not take all
 * connections of the pool.
 */
export function releaseTogether(sql: PoolSql, wakeProducer: WakeProducer): Reservations['release'] {
  async function releaseCalls(calls: readonly Releasing[]): Promise<readonly undefined[]> {
    const [first] = calls
    if (!first) return []
    const rounds = roundsOf(calls.flatMap(({ releases }) => releases))
    await retryContention(() =>
      sql.transaction(async (tx) => {
        for (const round of rounds) await releaseAll(tx, round, first.at)
      }),
    )
    wakeProducer()
    return calls.map(() => undefined)
  }
  const release = groupCommit(releaseCalls, { maxBatch: 50, inFlight: 1, isOutage: isDatabaseOutage })
  return (releases, at) => release({ releases, at })
}

/** What is released of one order is released in the order in which it was asked for, so each round has it once. */
function roundsOf(releases: readonly Release[]): readonly (readonly Release[])[] {
  const rounds: Map<OrderId, Release>[] = []
  for (const release of releases) {
    const free = rounds.find((round) => !round.has(release.orderId))
    if (free) free.set(release.orderId, release)
    else rounds.push(new Map([[release.orderId, release]]))
  }
  return rounds.map((round) => [...round.values()])
}

import { retryContention } from '../../platform/database.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import { bareColumn, textColumn, timeColumn } from '../../platform/sql-columns.ts'
import type { Facts } from '../application/ports.ts'
import type { Fact } from '../domain/fact.ts'
import { noProduct, sumsOf } from './count-sql.ts'

/** A statement stays short, and so does what others wait for. */
const factsOfStatement = 5_000

/**
 * Only what was inserted is counted, in the same statement. Rows are inserted in the order of their keys, so that writers wait
 * for each other and do not block each other.
 */
const addSql = `
  with added as (
    insert into analytics.facts (kind, subject_id, product_id, at, count, units, amount_minor, currency)
    select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::bigint[], $6::bigint[],
      $7::bigint[], $8::text[])
    order by 1, 2, 3
    on conflict do nothing returning *
  )
  insert into analytics.counts as known (kind, product_id, hour, currency, count, units, amount_minor)
  ${sumsOf('added')}
  order by 1, 2, 3, 4
  on conflict (kind, product_id, hour, currency) do update set
    count = known.count + excluded.count,
    units = known.units + excluded.units,
    amount_minor = known.amount_minor + excluded.amount_minor`

export function postgresFacts(sql: PoolSql): Facts {
  return {
    async add(facts) {
      for (let first = 0; first < facts.length; first += factsOfStatement) {
        const columns = columnsOf(facts.slice(first, first + factsOfStatement))
        await retryContention(() => sql.$executeRawUnsafe(addSql, ...columns))
      }
    },
  }
}

const columnsOf = (facts: readonly Fact[]): readonly string[] => [
  textColumn(facts, ({ kind }) => kind),
  bareColumn(facts, ({ subjectId }) => subjectId),
  bareColumn(facts, ({ productId }) => productId ?? noProduct),
  timeColumn(facts, ({ at }) => at),
  bareColumn(facts, ({ count }) => count),
  bareColumn(facts, ({ units }) => units),
  bareColumn(facts, ({ amountMinor }) => amountMinor),
  textColumn(facts, ({ currency }) => currency),
]

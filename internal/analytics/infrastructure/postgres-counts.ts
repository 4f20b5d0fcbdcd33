import type { PoolSql } from '../../platform/pool-sql.ts'
import type { Asked, Counts, ProductValue } from '../application/ports.ts'
import type { Measure } from '../domain/metrics.ts'
import { noProduct } from './count-sql.ts'

const columns: Readonly<Record<Measure, string>> = {
  count: 'count',
  units: 'units',
  amount: 'amount_minor',
}

/** Amounts of several currencies have no sum. */
const inCurrency = (measure: Measure): string => (measure === 'amount' ? 'and currency = $4' : `and $4 <> ''`)

export function postgresCounts(sql: PoolSql): Counts {
  return {
    async byHour(asked) {
      type Row = { readonly hour: Date; readonly value: bigint }
      return sql.$queryRawUnsafe<readonly Row[]>(
        `select hour, sum(${columns[asked.measure]})::bigint as value from analytics.counts
         where kind = $1 and hour >= $2 and hour < $3 and product_id = $5 ${inCurrency(asked.measure)}
         group by hour order by hour`,
        ...[...valuesOf(asked), noProduct],
      )
    },
    async byProduct(asked, limit) {
      return sql.$queryRawUnsafe<readonly ProductValue[]>(
        `select product_id as "productId", sum(${columns[asked.measure]})::bigint as value from analytics.counts
         where kind = $1 and hour >= $2 and hour < $3 and product_id <> $5 ${inCurrency(asked.measure)}
         group by product_id order by value desc, product_id limit $6`,
        ...[...valuesOf(asked), noProduct, limit],
      )
    },
  }
}

const valuesOf = ({ of, from, to, currency }: Asked): readonly unknown[] => [of, from, to, currency]

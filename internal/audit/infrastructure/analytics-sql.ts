import type { SqlCheck } from './check.ts'

const sums = 'sum(count) as count, sum(units) as units, sum(amount_minor) as amount_minor'

export const analyticsChecks: readonly SqlCheck[] = [
  {
    names: ['counts-follow-the-log'],
    needs: ['analytics'],
    checked: `select count(*) from analytics.counts`,
    offenders: `
      with told as (
        select kind, product_id, date_trunc('hour', at, 'UTC') as hour, currency, ${sums}
        from analytics.facts group by 1, 2, 3, 4
      )
      select 'counts-follow-the-log', coalesce(c.kind, f.kind) || ' of product ' || coalesce(c.product_id, f.product_id)
        || ' in the hour of ' || coalesce(c.hour, f.hour) || ': ' || case
          when c.kind is null then 'it has no sum'
          when f.kind is null then 'nothing is told of what was summed'
          else 'the sum is ' || row(c.count, c.units, c.amount_minor)::text || ', and '
            || row(f.count, f.units, f.amount_minor)::text || ' was told' end
      from analytics.counts c
      full join told f
        on f.kind = c.kind and f.product_id = c.product_id and f.hour = c.hour and f.currency = c.currency
      where (c.count, c.units, c.amount_minor) is distinct from (f.count, f.units, f.amount_minor)`,
  },
]

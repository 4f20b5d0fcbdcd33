/** The row of the whole shop has this product. */
export const noProduct = '00000000-0000-0000-0000-000000000000'

/** The sums of the hours, of rows that have the columns of analytics.facts. */
export const sumsOf = (rows: string): string => `
  select kind, product_id, date_trunc('hour', at, 'UTC') as hour, currency,
    sum(count) as count, sum(units) as units, sum(amount_minor) as amount_minor
  from ${rows}
  group by 1, 2, 3, 4`

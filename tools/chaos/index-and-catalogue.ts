import { query } from '../shared/database.ts'
import { until } from '../shared/wait.ts'
import type { Rule } from './rule.ts'

/** After a fault the comparison comes within a few seconds. */
const agreesWithinMs = 60_000

export async function indexedProducts(databaseUrl: string): Promise<number> {
  const [row] = await query<{ count: number }>(
    databaseUrl,
    'select count(*)::int as count from search.products',
  )
  return row?.count ?? 0
}

const differingSql = `
  select 'product ' || coalesce(i.id, p.id) || ' is at ' || coalesce(p.version::text, 'no version') || ', the index has '
    || coalesce(i.version::text, 'none') as offender
  from search.products i full join (select * from inventory.products where deleted_at is null) p on p.id = i.id
  where i.version is distinct from p.version or i.category_id is distinct from p.category_id
  union all
  select 'product ' || i.id || case when i.is_sold_out then ' is' else ' is not' end || ' sold out for the index, and has '
    || s.available
  from search.products i join inventory.stock s on s.product_id = i.id where i.is_sold_out <> (s.available <= 0)
  union all
  select 'product ' || i.id || ' has no text' from search.products i where i.folded is null
  union all
  select 'category ' || coalesce(i.id, c.id) || ' is at ' || coalesce(c.path, 'no path') || ', the index has '
    || coalesce(i.path, 'none')
  from search.categories i full join (select * from inventory.categories where deleted_at is null) c on c.id = i.id
  where i.path is distinct from c.path`

/**
 * Nothing changes any more, so that the index soon is exactly the catalogue: the audit, which is for a running shop, passes
 * over what has changed in the last minute.
 */
export async function judgeIndex(databaseUrl: string): Promise<Rule> {
  const differing = async (): Promise<readonly string[]> =>
    (await query<{ offender: string }>(databaseUrl, differingSql)).map(({ offender }) => offender)
  await until(async () => (await differing()).length === 0, { withinMs: agreesWithinMs, everyMs: 500 })
  const offenders = await differing()
  return {
    name: 'index-is-the-catalogue',
    checked: await indexedProducts(databaseUrl),
    violations: offenders.length,
    offenders: offenders.slice(0, 5),
  }
}

import type { SqlCheck } from './check.ts'

/** Events and comparisons take a moment. */
const soon = `interval '1 minute'`

/** What the index holds is what the catalogue has. */
export const indexRule = 'index-and-catalogue'

export const searchChecks: readonly SqlCheck[] = [
  {
    names: ['sold-out'],
    needs: ['inventory'],
    checked: `select count(*) from inventory.stock`,
    offenders: `
      select 'sold-out', 'product ' || coalesce(s.product_id, o.product_id) || ' has ' || coalesce(s.available, 0)
        || case when o.product_id is null then ' and is not among what is sold out' else ' and is among what is sold out' end
      from inventory.stock s full join inventory.sold_out o on o.product_id = s.product_id
      where coalesce(s.available <= 0, false) <> (o.product_id is not null)`,
  },
  {
    // What was put into the catalogue by hand, with a time long ago, is judged only when the index has it too.
    names: [indexRule],
    needs: ['search', 'inventory'],
    compares: 'the search index was not compared with the catalogue',
    checked: `select count(*) from search.products`,
    offenders: `
      select 'index-and-catalogue', case
        when p.id is null then 'the index has product ' || i.id || ', which there is not'
        when i.id is null then 'the index lacks product ' || p.id
        else 'the index has version ' || i.version || ' of product ' || p.id || ', which is at ' || p.version end
      from search.products i
      full join (select * from inventory.products where deleted_at is null) p on p.id = i.id
      where i.version is distinct from p.version
        and coalesce(p.updated_at, (select deleted_at from inventory.products where id = i.id), '-infinity')
          < now() - ${soon}
        and (i.id is not null or p.updated_at > now() - interval '30 days')`,
  },
  {
    names: [indexRule],
    needs: ['search', 'inventory'],
    compares: 'the search index was not compared with the catalogue',
    checked: `select count(*) from search.categories`,
    offenders: `
      select 'index-and-catalogue', 'the index has product ' || p.id || ' in another category'
      from search.products i join inventory.products p on p.id = i.id and p.version = i.version
      where i.category_id is distinct from p.category_id and p.deleted_at is null and p.updated_at < now() - ${soon}
      union all
      select 'index-and-catalogue', case
        when i.id is null then 'the index lacks category ' || c.id
        when c.id is null then 'the index has category ' || i.id || ', which there is not'
        else 'the index has category ' || c.id || ' at ' || i.path || ', and it is at ' || c.path end
      from search.categories i
      full join (select * from inventory.categories where deleted_at is null) c on c.id = i.id
      where (i.version, i.path) is distinct from (c.version, c.path)
        and coalesce(c.updated_at, (select deleted_at from inventory.categories where id = i.id), '-infinity')
          < now() - ${soon}
        and exists (select from search.products)`,
  },
  {
    // Each has a text, for what has none is never found.
    names: [indexRule],
    needs: ['search'],
    checked: `select count(*) from search.products`,
    offenders: `
      select 'index-and-catalogue', 'product ' || id || ' of the index has no text'
      from search.products p where folded is null`,
  },
]

import type pg from 'pg'

// Makes products and users that exist before the first order. They are so old that the outbox and the streams no
// longer keep their events, so the audit expects none.

export const openingStock = 100_000_000
const age = `interval '400 days'`

const words = (text: string, number: string): string =>
  `(array['${text.split(' ').join("','")}'])[1 + ${number} % ${text.split(' ').length}]`

const nouns =
  'mug kettle lamp lantern blanket notebook pen tote print bowl vase clock chair shelf candle basket tray jar towel rug'
const kinds = 'stoneware copper linen woollen paper brass walnut glass enamel cotton'

const productsSql = `
  with added as (
    insert into inventory.products (id, sku, name, category, description, images, price_minor, currency, created_at, updated_at)
    select uuidv7(-${age} + n * interval '1 s'), 'BENCH-' || lpad(n::text, 7, '0'),
      initcap(${words(kinds, '(n / 20)')}) || ' ' || ${words(nouns, 'n')} || ' no. ' || n,
      ${words('kitchen home desk bags limited', '(n / 7)')},
      'A ' || ${words(nouns, 'n')} || ' to keep, made by hand and sent in paper.', '{}',
      500 + (n::bigint * 7919) % 20000, 'USD', now() - ${age}, now() - ${age}
    from generate_series($1::int, $2::int) as n
    returning id
  ), stocked as (
    insert into inventory.stock (product_id, available) select id, $3::int from added
  ), ledger as (
    insert into inventory.stock_movements (product_id, kind, quantity, reason, at)
    select id, 'restock', $3::int, 'opening stock', now() - ${age} from added where $3::int > 0
  )
  select id from added order by id`

/** Adds the products number `from` to `to` and returns their ids. */
export async function seedProducts(
  client: pg.Client,
  from: number,
  to: number,
  stock: number,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(productsSql, [from, to, stock])
  return rows.map(({ id }) => id)
}

const usersSql = `
  insert into users.accounts (id, username, email, password_hash, role, created_at, updated_at)
  select uuidv7(-${age}), 'bench-' || n, 'bench-' || n || '@example.com', 'nobody logs in here', 'customer',
    now() - ${age}, now() - ${age}
  from generate_series(1, $1::int) as n
  returning id`

/** Adds customers and returns their ids. */
export async function seedUsers(client: pg.Client, count: number): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(usersSql, [count])
  return rows.map(({ id }) => id)
}

import type { Sql } from '../../platform/database.ts'
import type { ErasePeople } from '../../platform/erasure.ts'

/**
 * It still has to know who bought it: it is to be shipped or waits for its payment, its end waits for what the payments
 * say, its receipt is not issued, or goods come back.
 */
const isOpen = `(
  status = 'paid' or (status in ('pending', 'confirmed') and (terms is not null or money_taken))
  or closing is not null or reviving is not null
  or (not has_receipt and (money_taken or total_minor = 0) and status in ('shipped', 'completed'))
  or exists (
    select from orders.returns r
    where r.order_id = orders.id and (r.status in ('requested', 'approved', 'received') or r.money = 'due'))
)`

/** What is left of a buyer: the country, by which the order was taxed. */
const nobody = `jsonb_build_object('email', '', 'delivery', jsonb_build_object(
  'name', '', 'line1', '', 'line2', '', 'city', '', 'region', '', 'postalCode', '', 'phone', '',
  'country', buyer #>> '{delivery,country}'))`

/** What a buyer may have written: why an order is off or comes back, and what is engraved. */
const hasWords = `(
  history @? '$[*] ? (@.reason != "")' or terms @? '$.lines[*] ? (@.attributes != "")'
  or exists (
    select from orders.returns r join orders.return_lines l on l.return_id = r.id
    where r.order_id = orders.id and l.reason <> '')
)`

const isTold = `(buyer <> ${nobody} or first_payment is not null or ${hasWords})`

/** The objects of a list, in their order, without this text. */
const without = (text: string, list: string): string =>
  `(select jsonb_agg(each || '{"${text}": ""}' order by place) from jsonb_array_elements(${list}) with ordinality as l (each, place))`

/** The orders of one transaction. */
const atOnce = 500

/** The revision rises, because pages of orders that were read before are kept by it. */
const eraseSql = `
  with theirs as (
    select id from orders.orders
    where user_id = any($1::uuid[]) and not ${isOpen} and ${isTold}
    order by id limit ${atOnce} for update
  ), returned as (
    update orders.return_lines l set reason = '' from orders.returns r
    where r.id = l.return_id and r.order_id in (select id from theirs) and l.reason <> ''
  )
  update orders.orders o set revision = revision + 1, first_payment = null,
    buyer = case when buyer is null then null else ${nobody} end,
    history = ${without('reason', 'history')},
    terms = case when terms is null then null else jsonb_set(terms, '{lines}', ${without('attributes', "terms -> 'lines'")}) end
  from theirs where o.id = theirs.id`

/** Whose orders all are as they should be. */
const doneSql = `
  select u.id::text as id from unnest($1::uuid[]) as u(id)
  where not exists (select from orders.orders where user_id = u.id and ${isTold})`

/** Removes who bought an order, where it was sent and what they wrote, when that matters to nobody any more. */
export function eraseBuyers(sql: Sql): ErasePeople {
  return async (userIds) => {
    while ((await sql.$executeRawUnsafe(eraseSql, userIds)) === atOnce);
    const done = await sql.$queryRawUnsafe<readonly { readonly id: string }[]>(doneSql, userIds)
    return done.map(({ id }) => id)
  }
}

/** Whether this person has such an order. */
export const openOrders =
  (sql: Sql) =>
  async (userId: string): Promise<boolean> => {
    const [row] = await sql.$queryRawUnsafe<readonly { readonly open: boolean }[]>(
      `select exists (select from orders.orders where user_id = $1::uuid and ${isOpen}) as open`,
      userId,
    )
    return row?.open ?? false
  }

import {
  judgeHistories,
  judgeSettlements,
  type OrderHistories,
  type Settlements,
} from '../domain/judge-orders.ts'
import type { AuditCheck, SqlCheck } from './check.ts'

/** Grouped, because there are few ways to come and many orders. */
const orderHistoriesSql = `
  select path, status, version, count(*)::int as count, (array_agg(id::text))[1:5] as ids
  from (
    select id, status, version, array(select jsonb_array_elements(history) ->> 'status') as path from orders.orders
  ) as orders
  group by path, status, version`

const settlementsSql = `
  select case when o.reviving_since is null then o.status else 'reviving' end as "order", r.status as reservation, count(*)::int as count,
    coalesce(o.updated_at, r.updated_at) > now() - interval '60 s' as "isRecent",
    (array_agg(coalesce(o.id, r.order_id)::text))[1:5] as ids
  from orders.orders o full join inventory.reservations r on r.order_id = o.id
  group by 1, 2, 4`

type SettlementsRow = Omit<Settlements, 'order' | 'reservation'> & {
  readonly order: string | null
  readonly reservation: string | null
}

/** Judged in TypeScript, over groups. */
export const orderGroupChecks: readonly AuditCheck[] = [
  {
    names: ['order-histories'],
    needs: ['order'],
    judge: async ({ query }) => [judgeHistories(await query<OrderHistories>(orderHistoriesSql))],
  },
  {
    names: ['orders-and-stock'],
    needs: ['order', 'inventory'],
    compares: 'orders were not compared with their reservations',
    async judge({ query }) {
      const rows = await query<SettlementsRow>(settlementsSql)
      const groups = rows.map(({ order, reservation, ...rest }) => {
        return { ...rest, order: order ?? undefined, reservation: reservation ?? undefined }
      })
      return [judgeSettlements(groups)]
    },
  },
]

export const orderChecks: readonly SqlCheck[] = [
  {
    names: ['settled-in-time'],
    needs: ['order'],
    checked: `select count(*) from orders.orders where status in ('pending', 'canceled')`,
    offenders: `
      select 'settled-in-time', 'order ' || id || ' is pending since ' || to_json(created_at)
      from orders.orders where status = 'pending' and created_at < now() - interval '60 s'
      union all
      select 'settled-in-time', 'order ' || o.id || ' needs less than it holds, and its stock is awaited since '
        || to_json(s.at)
      from orders.orders o
      cross join lateral (
        select greatest(o.updated_at, max(updated_at)) as at from orders.shipments where order_id = o.id
      ) as s
      where o.awaiting_release and s.at < now() - interval '60 s'
      union all
      select 'settled-in-time', 'return ' || id || ' was received, and its goods are not booked since ' || to_json(updated_at)
      from orders.returns where awaiting_stock and updated_at < now() - interval '60 s'
      union all
      select 'settled-in-time', 'return ' || id || ' was refunded, and its money is not ordered since ' || to_json(updated_at)
      from orders.returns where money = 'due' and updated_at < now() - interval '60 s'
      union all
      select 'settled-in-time', 'shipment ' || id || ' made its order less, and the payments do not know since '
        || to_json(updated_at)
      from orders.shipments where awaiting_money and updated_at < now() - interval '60 s'
      union all
      select 'settled-in-time', 'order ' || id || ' is held until ' || to_json(hold_until) || ' and has not expired'
      from orders.orders
      where status = 'confirmed' and closing_since is null and hold_until < now() - interval '60 s'
      union all
      select 'settled-in-time', 'order ' || id || ' is being revived since ' || to_json(reviving_since)
      from orders.orders where reviving_since < now() - interval '60 s'`,
  },
  {
    names: ['order-totals'],
    needs: ['order'],
    checked: `select count(*) from orders.orders`,
    offenders: `
      select 'order-totals', 'order ' || o.id || ' has a total of ' || o.total_minor || ', but parts of '
        || coalesce(p.total_minor::text, 'nothing')
      from orders.orders o
      left join (
        select order_id, sum(quantity * unit_price_minor) as total_minor from orders.order_lines group by order_id
      ) as l on l.order_id = o.id
      cross join lateral (select l.total_minor + case when o.terms is null then 0 else
        (o.terms -> 'shipping' ->> 'priceMinor')::bigint - (o.terms ->> 'discountMinor')::bigint
          + case when (o.terms ->> 'isTaxIncluded')::boolean then 0 else (o.terms ->> 'taxMinor')::bigint end
        end as total_minor) as p
      where p.total_minor is distinct from o.total_minor`,
  },
  {
    names: ['idempotency-keys'],
    needs: ['order'],
    checked: `select count(*) from orders.orders where idempotency_key is not null`,
    offenders: `
      select 'idempotency-keys', 'user ' || user_id || ' has ' || count(*) || ' orders under the key ' || idempotency_key
      from orders.orders where idempotency_key is not null
      group by user_id, idempotency_key having count(*) > 1`,
  },
]

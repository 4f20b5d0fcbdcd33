import type { AuditCheck } from './check.ts'
import { outboxChecks } from './outbox-sql.ts'
import { stockChecks } from './stock-sql.ts'

/** Grouped, because there are few ways to come and many orders. */
export const orderHistoriesSql = `
  select path, status, version, count(*)::int as count, (array_agg(id::text))[1:5] as ids
  from (
    select id, status, version, array(select jsonb_array_elements(history) ->> 'status') as path from orders.orders
  ) as orders
  group by path, status, version`

export const settlementsSql = `
  select o.status as "order", r.status as reservation, count(*)::int as count,
    coalesce(o.updated_at, r.updated_at) > now() - interval '60 s' as "isRecent",
    (array_agg(coalesce(o.id, r.order_id)::text))[1:5] as ids
  from orders.orders o full join inventory.reservations r on r.order_id = o.id
  group by 1, 2, 4`

export const outboxEventsSql = `
  select split_part(subject, '.', 1) as family, id::text,
    case when u.seq is null then (extract(epoch from o.occurred_at) * 1000)::float8 end as published_ms
  from producer.outbox o left join producer.unpublished u on u.seq = o.seq`

const orderChecks: readonly AuditCheck[] = [
  {
    names: ['settled-in-time'],
    checked: `select count(*) from orders.orders where status in ('pending', 'canceled')`,
    offenders: `
      select 'settled-in-time', 'order ' || id || ' is pending since ' || to_json(created_at)
      from orders.orders where status = 'pending' and created_at < now() - interval '60 s'
      union all
      select 'settled-in-time', 'order ' || id || ' was canceled, and its stock is awaited since ' || to_json(updated_at)
      from orders.orders where awaiting_release and updated_at < now() - interval '60 s'`,
  },
  {
    names: ['order-totals'],
    checked: `select count(*) from orders.orders`,
    offenders: `
      select 'order-totals', 'order ' || o.id || ' has a total of ' || o.total_minor || ', but lines of '
        || coalesce(l.total_minor::text, 'nothing')
      from orders.orders o
      left join (
        select order_id, sum(quantity * unit_price_minor) as total_minor from orders.order_lines group by order_id
      ) as l on l.order_id = o.id
      where l.total_minor is distinct from o.total_minor`,
  },
  {
    names: ['idempotency-keys'],
    checked: `select count(*) from orders.orders where idempotency_key is not null`,
    offenders: `
      select 'idempotency-keys', 'user ' || user_id || ' has ' || count(*) || ' orders under the key ' || idempotency_key
      from orders.orders where idempotency_key is not null
      group by user_id, idempotency_key having count(*) > 1`,
  },
]

const deadLetterChecks: readonly AuditCheck[] = [
  {
    names: ['dead-letters-once'],
    checked: `select count(*) from consumer.dead_letters`,
    offenders: `
      select 'dead-letters-once', subscription || ' gave up ' || count(*) || ' times on ' || message_key
      from consumer.dead_letters group by subscription, message_key having count(*) > 1`,
  },
]

export const auditChecks: readonly AuditCheck[] = [
  ...orderChecks,
  ...stockChecks,
  ...outboxChecks,
  ...deadLetterChecks,
]

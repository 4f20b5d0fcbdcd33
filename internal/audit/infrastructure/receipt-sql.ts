import type { SqlCheck } from './check.ts'

/** What each order was paid, without captures that have failed after all, and what was given back. */
const money = `
  select g.order_id, g.status, coalesce((
      select sum(e.amount_minor) from payments.entries e join payments.payments p on p.id = e.payment_id
      where e.order_id = g.order_id and e.kind = 'captured' and e.currency = p.currency and not exists (
        select from payments.entries f where f.payment_id = e.payment_id and f.kind = 'capture_failed' and f.ref = e.ref
      )
    ), 0) as taken, coalesce((
      select sum(r.amount_minor) from payments.refunds r
      where r.order_id = g.order_id and r.status in ('succeeded', 'settled_manually')
    ), 0) as returned,
    exists (select from payments.entries e where e.order_id = g.order_id and e.kind = 'capture_failed') as failed
  from payments.gates g`

/** Receipts beside their credit notes and what is kept of their price. */
const credited = `
  select r.id, r.order_id, r.total_minor as total,
    r.total_minor - least(r.total_minor, greatest(0, m.taken - m.returned)) as gone,
    coalesce((select sum(c.total_minor) from payments.receipts c where c.receipt_id = r.id), 0) as minor
  from payments.receipts r join (${money}) m on m.order_id = r.order_id
  where r.kind = 'receipt' and not m.failed
    -- A refund that failed after all has its credit note already; it is given back once more.
    and not exists (
      select from payments.receipts c join payments.refunds f on f.id = c.refund_id
      where c.receipt_id = r.id and f.status not in ('succeeded', 'settled_manually')
    )`

/** Net and tax of each rate: of the receipts, and of all their credit notes together. */
const rates = `
  select r.id, r.order_id, t.part ->> 'ratePpm' as rate, (t.part ->> 'netMinor')::bigint as net,
    (t.part ->> 'taxMinor')::bigint as tax, coalesce(sum((u.part ->> 'netMinor')::bigint), 0) as net_back,
    coalesce(sum((u.part ->> 'taxMinor')::bigint), 0) as tax_back
  from payments.receipts r
  cross join lateral jsonb_array_elements(r.body -> 'taxes') as t(part)
  left join lateral (
    select part from payments.receipts c cross join lateral jsonb_array_elements(c.body -> 'taxes') as v(part)
    where c.receipt_id = r.id and v.part ->> 'ratePpm' = t.part ->> 'ratePpm'
  ) as u on true
  where r.kind = 'receipt' group by 1, 2, 3, 4, 5`

export const receiptChecks: readonly SqlCheck[] = [
  {
    // A row of an order follows its receipt within moments.
    names: ['receipts-of-orders'],
    needs: ['order', 'payment'],
    compares: 'orders were not compared with their receipts',
    checked: `select count(*) from payments.receipts where kind = 'receipt'`,
    offenders: `
      select 'receipts-of-orders', 'order ' || o.id || ' is ' || o.status || ' and paid for, and has no receipt'
      from orders.orders o
      where (o.money_taken or o.total_minor = 0) and o.status in ('paid', 'shipped', 'completed')
        and o.updated_at < now() - interval '60 s'
        and not exists (select from payments.receipts r where r.order_id = o.id and r.kind = 'receipt')
      union all
      select 'receipts-of-orders', 'receipt ' || r.id || ' is for order ' || r.order_id || ', which '
        || case when o.id is null then 'does not exist' else 'is ' || o.status || ' and was never paid for' end
      from payments.receipts r left join orders.orders o on o.id = r.order_id
      where r.kind = 'receipt' and (o.id is null or not (
        o.history @> '[{"status": "paid"}]' or o.status in ('shipped', 'completed') and o.gate_version > 0
      ))`,
  },
  {
    names: ['receipt-numbers'],
    needs: ['payment'],
    checked: `select count(*) from payments.receipts`,
    offenders: `
      select 'receipt-numbers', 'series ' || s.series || ' has ' || coalesce(r.count, 0) || ' documents, numbers from '
        || coalesce(r.first, 0) || ' to ' || coalesce(r.last, 0) || ', and says that its last one is ' || s.last
      from payments.receipt_series s left join (
        select series, count(*), min(number) as first, max(number) as last from payments.receipts group by series
      ) as r on r.series = s.series
      where s.last <> coalesce(r.count, 0) or s.last <> coalesce(r.last, 0) or coalesce(r.first, 1) <> 1`,
  },
  {
    names: ['credit-notes'],
    needs: ['payment'],
    checked: `select count(*) from payments.receipts where kind = 'credit-note'`,
    offenders: `
      select 'credit-notes', 'receipt ' || id || ' of order ' || order_id || ' comes to ' || total || ', of which ' || gone
        || ' is gone, and ' || minor || ' is credited'
      from (${credited}) as c where minor <> gone
      union all
      select 'credit-notes', 'receipt ' || id || ' of order ' || order_id || ' has ' || net || ' and tax of ' || tax
        || ' at ' || rate || ' ppm, and ' || net_back || ' and ' || tax_back || ' of it are credited'
      from (${rates}) as r where net_back > net or tax_back > tax or net_back < 0 or tax_back < 0
      union all
      select 'credit-notes', 'credit note ' || c.id || ' is for refund ' || c.refund_id || ', which '
        || coalesce('gave ' || f.amount_minor || ' of order ' || f.order_id || ' back', 'does not exist')
      from payments.receipts c left join payments.refunds f on f.id = c.refund_id
      where c.refund_id is not null and (f.id is null or f.order_id <> c.order_id or f.amount_minor < c.total_minor)
      union all
      select 'credit-notes', 'credit note ' || c.id || ' is for ' || r.kind || ' ' || r.id || ' of order ' || r.order_id
      from payments.receipts c join payments.receipts r on r.id = c.receipt_id
      where r.kind <> 'receipt' or r.order_id <> c.order_id or r.currency <> c.currency`,
  },
]

import type { SqlCheck } from './check.ts'
import { goodsMinor, returned, taken } from './payment-sql.ts'

/** What can still be captured: what was authorized and neither captured nor given up. */
const authorized = `
  select e.payment_id, greatest(0, coalesce(sum(e.amount_minor) filter (where e.kind = 'authorized'), 0)
    - coalesce(sum(e.amount_minor) filter (where e.kind = 'captured'), 0)) as minor
  from payments.entries e
  join payments.payments p on p.id = e.payment_id and p.currency = e.currency
  where not exists (select from payments.entries r where r.payment_id = e.payment_id and r.kind = 'released')
  group by e.payment_id`

const byHand = `
  select payment_id, sum(amount_minor) as minor from payments.refunds where status = 'settled_manually' group by 1`

/** The money of each order of which payments have told something. */
const money = `
  select m.*, case
      when refunded > 0 then case when refunded >= captured then 'refunded' else 'partially_refunded' end
      when authorized + captured > due then 'overpaid'
      when authorized + captured = due then case when captured = due then 'paid' else 'authorized' end
      when authorized + captured > 0 then 'partially_paid'
      else 'unpaid'
    end as status
  from (
    select g.order_id, g.version, g.updated_at, greatest(0, g.due_minor - coalesce(max(u.minor), 0)) as due,
      coalesce(sum(a.minor), 0) as authorized,
      coalesce(sum(t.minor), 0) as captured, coalesce(sum(b.minor), 0) + coalesce(sum(h.minor), 0) as refunded
    from payments.gates g
    left join (${goodsMinor}) u on u.order_id = g.order_id
    left join payments.payments p on p.order_id = g.order_id
    left join (${authorized}) a on a.payment_id = p.id
    left join (${taken}) t on t.payment_id = p.id
    left join (${returned}) b on b.payment_id = p.id
    left join (${byHand}) h on h.payment_id = p.id
    where g.version > 0 group by g.order_id
  ) m`

/** The id of a line follows from the order's id and the line's number (internal/order/domain/line-id.ts). */
const lineId = `substr(l.order_id::text, 1, 32)
  || lpad(to_hex(('x' || substr(l.order_id::text, 33))::bit(16)::int # l.line_no), 4, '0')`

/** Units of each line that are not owed, as the order has them and as its account does. */
const goods = `
  select l.order_id, l.line_no, l.canceled, coalesce(r.ordered, 0) as ordered, coalesce(r.decided, 0) as decided,
    t.short, coalesce(t.returned, 0) as told
  from orders.order_lines l
  left join (
    select r.order_id, u.line_no, sum(u.resellable + u.damaged) as decided,
      coalesce(sum(u.resellable + u.damaged) filter (where r.money = 'ordered'), 0) as ordered
    from orders.returns r join orders.return_lines u on u.return_id = r.id where r.money <> 'none' group by 1, 2
  ) r on r.order_id = l.order_id and r.line_no = l.line_no
  left join (
    select g.order_id, t ->> 'lineId' as line_id, (t ->> 'short')::int as short, (t ->> 'returned')::int as returned
    from payments.gates g, jsonb_array_elements(g.lines) t where t ? 'short'
  ) t on t.order_id = l.order_id and t.line_id = ${lineId}`

/** Nobody had begun to pay for it when it ended. */
const nothingPaid = `
  exists (select from payments.gates g where g.order_id = l.order_id and g.status = 'closed')
  and not exists (select from payments.payments p where p.order_id = l.order_id)`

/** What had been taken or promised for each order when it became paid. Each of two clocks may be ten minutes wrong. */
const covered = `
  select o.id, s.at, g.due_minor - coalesce(u.minor, 0) as due, coalesce((
      select sum(greatest(p.authorized, p.captured)) from (
        select coalesce(sum(e.amount_minor) filter (where e.kind = 'authorized'), 0) as authorized,
          coalesce(sum(e.amount_minor) filter (where e.kind = 'captured'), 0) as captured
        from payments.entries e join payments.payments p on p.id = e.payment_id and p.currency = e.currency
        where p.order_id = o.id and e.at <= s.at + interval '20 min' group by e.payment_id
      ) p
    ), 0) as covered
  from orders.orders o
  join payments.gates g on g.order_id = o.id
  left join (${goodsMinor}) u on u.order_id = o.id
  cross join lateral (
    select (step ->> 'at')::timestamptz as at from jsonb_array_elements(o.history) step where step ->> 'status' = 'paid'
  ) s
  where o.gate_version >= 0`

/** What staff should look at of each order's money: another currency than was asked for, and disputes without an end. */
const flags = `
  select g.order_id, g.version, array_remove(array[
      case when exists (select from payments.entries e join payments.payments p on p.id = e.payment_id
        where p.order_id = g.order_id and e.kind in ('captured', 'authorized') and e.currency <> p.currency
          and e.amount_minor > 0) then 'review' end,
      case when exists (select from payments.entries e join payments.payments p on p.id = e.payment_id
        where p.order_id = g.order_id and e.kind = 'dispute' and e.currency = p.currency and starts_with(e.key, e.ref || ':opened:')
          and not exists (select from payments.entries n where n.payment_id = e.payment_id and n.kind = 'dispute'
            and n.ref = e.ref and split_part(substr(n.key, length(n.ref) + 2), ':', 1) in ('won', 'lost', 'closed')))
        then 'dispute' end
    ], null) as flags
  from payments.gates g where g.version > 0`

export const orderMoneyChecks: readonly SqlCheck[] = [
  {
    // Each refunded return is known to the payments, and so is each unit that was not found; and nothing else is.
    names: ['goods-and-money'],
    needs: ['order', 'payment'],
    compares: 'units that are not owed were not compared with the accounts',
    checked: `select count(*) from payments.gates where lines <> '[]'`,
    offenders: `
      select 'goods-and-money', 'order ' || l.order_id || ', line ' || l.line_no || ': ' || l.canceled || ' not found, '
        || l.decided || ' refunded, but its account knows ' || coalesce(l.short, 0) || ' and ' || l.told
      from (${goods}) l
      where l.short > l.canceled or l.told > l.decided
        or (l.told < l.ordered and not (${nothingPaid}))
        or (l.short < l.canceled and not exists (
          select from orders.shipments s where s.order_id = l.order_id and s.awaiting_money
        ))`,
  },
  {
    // While no money has come, the attempts say more: they are pending or have failed.
    names: ['orders-and-money'],
    needs: ['order', 'payment'],
    compares: 'what orders say of their money was not compared with their accounts',
    checked: `select count(*) from orders.orders where gate_version >= 0`,
    offenders: `
      select 'orders-and-money', 'order ' || o.id || ' is called ' || o.payment_status || ', but its account is '
        || coalesce(m.status, 'empty')
      from orders.orders o left join (${money}) m on m.order_id = o.id
      where o.gate_version >= 0 and (o.total_minor > 0 or m.status is not null)
        and coalesce(m.status, 'unpaid')
          <> case when o.payment_status in ('pending', 'failed') then 'unpaid' else o.payment_status end
        and (m.version is null or m.version <= o.gate_version or m.updated_at < now() - interval '60 s')`,
  },
  {
    names: ['orders-flagged'],
    needs: ['order', 'payment'],
    compares: 'flags of orders were not compared with their accounts',
    checked: `select count(*) from orders.orders where gate_version > 0`,
    offenders: `
      select 'orders-flagged', 'order ' || o.id || ' is flagged ' || o.flags::text || ', but should be ' || f.flags::text
      from orders.orders o join (${flags}) f on f.order_id = o.id and f.version = o.gate_version
      where o.flags <> f.flags`,
  },
  {
    // What was due then is at least what is due now: it only becomes less.
    names: ['paid-was-covered'],
    needs: ['order', 'payment'],
    compares: 'orders that became paid were not compared with their accounts',
    checked: `select count(*) from orders.orders where gate_version >= 0 and history @> '[{"status": "paid"}]'`,
    offenders: `
      select 'paid-was-covered', 'order ' || id || ' became paid at ' || to_json(at) || ', when ' || covered || ' of '
        || due || ' were covered'
      from (${covered}) c where covered < due`,
  },
]

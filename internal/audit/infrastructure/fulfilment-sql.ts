import type { SqlCheck } from './check.ts'

/** Units of each line in shipments and in returns, beside what the line says. */
const unitsOfLines = `
  select l.*, coalesce(s.packed, 0) as in_parcels, coalesce(s.shipped, 0) as in_left, coalesce(r.units, 0) as in_returns
  from orders.order_lines l
  left join (
    select s.order_id, u.line_no, sum(u.quantity) as packed,
      coalesce(sum(u.quantity) filter (where s.status <> 'packed'), 0) as shipped
    from orders.shipments s join orders.shipment_lines u on u.shipment_id = s.id
    where s.status not in ('canceled', 'resent') group by 1, 2
  ) as s on s.order_id = l.order_id and s.line_no = l.line_no
  left join (
    select r.order_id, u.line_no, sum(case when r.status in ('requested', 'approved') then u.quantity
      else u.resellable + u.damaged end) as units
    from orders.returns r join orders.return_lines u on u.return_id = r.id
    where r.status not in ('declined', 'canceled', 'expired') group by 1, 2
  ) as r on r.order_id = l.order_id and r.line_no = l.line_no`

/** The statuses as they follow from the rows, of orders that have shipments. */
const derived = `
  select o.id, o.status, o.fulfilment_status, o.return_status, case
      when l.shipped = 0 then 'none'
      when l.shipped < l.wanted then 'partial'
      when not exists (
        select from orders.shipments s where s.order_id = o.id and s.status not in ('delivered', 'resent', 'canceled')
      ) then 'delivered'
      else 'shipped'
    end as fulfilment, case
      when r.open > 0 then 'open' when r.back = 0 then 'none' when r.back < l.shipped then 'partial' else 'returned'
    end as returned
  from orders.orders o
  cross join lateral (
    select sum(shipped) as shipped, sum(quantity - canceled) as wanted from orders.order_lines where order_id = o.id
  ) as l
  cross join lateral (
    select count(*) filter (where r.status in ('requested', 'approved', 'received')) as open,
      coalesce(sum(u.resellable + u.damaged), 0) as back
    from orders.returns r join orders.return_lines u on u.return_id = r.id where r.order_id = o.id
  ) as r
  where exists (select from orders.shipments s where s.order_id = o.id)`

/** Written down once more, on purpose, as those of orders are. A test holds them together with the order service. */
export const lawfulParts = {
  shipment: {
    packed: ['shipped', 'canceled'],
    shipped: ['delivered', 'lost', 'returned'],
    lost: ['delivered', 'resent'],
    delivered: [],
    returned: ['resent'],
    resent: [],
    canceled: [],
  },
  return: {
    requested: ['approved', 'declined', 'canceled'],
    approved: ['received', 'expired'],
    received: ['refunded', 'refused'],
    refunded: ['closed'],
    refused: ['closed'],
    declined: [],
    canceled: [],
    expired: [],
    closed: [],
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

/** Parcels that were sent again. */
const resentChecks: readonly SqlCheck[] = [
  {
    names: ['resent-shipments'],
    needs: ['order'],
    checked: `select count(*) from orders.shipments where status = 'resent' or resending is not null`,
    offenders: `
      select 'resent-shipments', 'shipment ' || s.id || ' is resent, and ' || count(n.id) || ' left in its place'
      from orders.shipments s left join orders.shipments n on n.replaces = s.id
      where s.status = 'resent' group by s.id having count(n.id) <> 1
      union all
      select 'resent-shipments', 'shipment ' || n.id || ' left in the place of one that '
        || coalesce('is ' || s.status, 'does not exist')
      from orders.shipments n left join orders.shipments s on s.id = n.replaces
      where n.replaces is not null and s.status is distinct from 'resent'
      union all
      select 'resent-shipments', 'shipment ' || id || ' waits to be sent again since ' || (resending ->> 'since')
      from orders.shipments
      where resending is not null and (resending ->> 'since')::timestamptz < now() - interval '60 s'`,
  },
  {
    // What was taken once more is in a parcel, or about to be; and a lost parcel left again with nothing else.
    names: ['resent-shipments'],
    needs: ['order', 'inventory'],
    compares: 'goods of shipments that were sent again were not compared with the stock',
    checked: `select count(*) from inventory.replacements where false`,
    offenders: `
      select 'resent-shipments', 'order ' || coalesce(p.order_id, m.order_id) || ': of product '
        || coalesce(p.product_id, m.product_id) || ' ' || coalesce(m.units, 0) || ' were taken once more, and '
        || coalesce(p.least, 0) || ' to ' || coalesce(p.most, 0) || ' were sent again'
      from (
        select s.order_id, l.product_id, sum(u.quantity) as most,
          coalesce(sum(u.quantity) filter (where s.status = 'resent' and s.history @> '[{"status": "lost"}]'), 0) as least
        from orders.shipments s
        join orders.shipment_lines u on u.shipment_id = s.id
        join orders.order_lines l on l.order_id = s.order_id and l.line_no = u.line_no
        where s.status = 'resent' or s.resending is not null
        group by 1, 2
      ) as p
      full join (
        select order_id, product_id, -sum(quantity) as units from inventory.stock_movements where kind = 'replace' group by 1, 2
      ) as m on m.order_id = p.order_id and m.product_id = p.product_id
      where coalesce(m.units, 0) not between coalesce(p.least, 0) and coalesce(p.most, 0)`,
  },
]

export const fulfilmentChecks: readonly SqlCheck[] = [
  {
    names: ['shipments-and-returns'],
    needs: ['order'],
    checked: `select count(*) from orders.shipments`,
    offenders: `
      select 'shipments-and-returns', 'order ' || order_id || ', line ' || line_no || ': ' || quantity || ' ordered, '
        || canceled || ' canceled, ' || packed || ' packed (' || in_parcels || ' in parcels), ' || shipped || ' shipped ('
        || in_left || ' in those that left), ' || returned || ' returned (' || in_returns || ' in returns)'
      from (${unitsOfLines}) as l
      where packed <> in_parcels or shipped <> in_left or returned <> in_returns
        or packed + canceled > quantity or shipped > packed or returned > shipped
      union all
      select 'shipments-and-returns', 'order ' || id || ' is ' || status || ', its fulfilment is ' || fulfilment_status
        || ' and should be ' || fulfilment || ', its returns are ' || return_status || ' and should be ' || returned
      from (${derived}) as d
      where fulfilment_status <> fulfilment or return_status <> returned
        or (status in ('shipped', 'completed') and fulfilment in ('none', 'partial'))
        or (status in ('confirmed', 'paid') and fulfilment in ('shipped', 'delivered'))
      union all
      select 'shipments-and-returns', 'return ' || id || ' is a withdrawal in time, and is ' || status
      from orders.returns
      where is_withdrawal and (history @> '[{"status": "declined"}]' or history @> '[{"status": "refused"}]')`,
  },
  ...(['shipment', 'return'] as const).map((kind): SqlCheck => ({
    names: ['shipments-and-returns'],
    needs: ['order'],
    checked: `select count(*) from orders.${kind}s where false`,
    offenders: `
        select 'shipments-and-returns', '${kind} ' || id || ' is ' || status || ' at version ' || version
          || ', but its history says ' || array_to_string(path, ' → ')
        from (
          select id, status, version, array(select jsonb_array_elements(history) ->> 'status') as path from orders.${kind}s
        ) as s
        where path[cardinality(path)] is distinct from status or cardinality(path) <> version
          or path[1] <> '${Object.keys(lawfulParts[kind])[0]}'
          or exists (
            select from generate_subscripts(path, 1) as n
            where n > 1 and path[n - 1] || ' ' || path[n] not in (${stepsOf(lawfulParts[kind])})
          )`,
  })),
  {
    // Goods that came back are booked once: what can be sold is there again, the rest is written off.
    names: ['returned-goods'],
    needs: ['order', 'inventory'],
    compares: 'what came back was not compared with what was booked',
    checked: `select count(*) from orders.returns`,
    offenders: `
      select 'returned-goods', 'order ' || coalesce(r.order_id, m.order_id) || ', return ' || coalesce(r.return_no, m.step)
        || ': of product ' || coalesce(r.product_id, m.product_id) || ' ' || coalesce(r.came, 0) || ' came and '
        || coalesce(r.damaged, 0) || ' were damaged, but ' || coalesce(m.came, 0) || ' and ' || coalesce(m.damaged, 0)
        || ' are booked'
      from (
        select r.order_id, r.return_no, l.product_id, bool_or(r.awaiting_stock) as awaiting,
          sum(u.resellable + u.damaged) as came, sum(u.damaged) as damaged
        from orders.returns r
        join orders.return_lines u on u.return_id = r.id
        join orders.order_lines l on l.order_id = r.order_id and l.line_no = u.line_no
        group by 1, 2, 3
      ) as r
      full join (
        select order_id, step, product_id, sum(quantity) filter (where kind = 'return') as came,
          coalesce(-sum(quantity) filter (where kind = 'write-off'), 0) as damaged
        from inventory.stock_movements where kind in ('return', 'write-off') group by 1, 2, 3
      ) as m on m.order_id = r.order_id and m.step = r.return_no and m.product_id = r.product_id
      where (coalesce(r.came, 0), coalesce(r.damaged, 0)) is distinct from (coalesce(m.came, 0), coalesce(m.damaged, 0))
        and not (coalesce(r.awaiting, false) and m.order_id is null)`,
  },
  ...resentChecks,
]

function stepsOf(table: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(table)
    .flatMap(([from, allowed]) => allowed.map((to) => `'${from} ${to}'`))
    .join(', ')
}

import type { SqlCheck } from './check.ts'

export const stockChecks: readonly SqlCheck[] = [
  {
    names: ['stock-and-ledger'],
    needs: ['inventory'],
    checked: `select count(*) from inventory.products`,
    offenders: `
      select 'stock-and-ledger', case
        when s.product_id is null then 'product ' || coalesce(p.id, m.product_id) || ' has no stock'
        when s.available < 0 then 'product ' || s.product_id || ' has ' || s.available || ' available'
        else 'product ' || s.product_id || ' has ' || s.available || ' available, but movements of ' || coalesce(m.sum, 0)
      end
      from inventory.products p
      full join inventory.stock s on s.product_id = p.id
      full join (
        select product_id, sum(quantity) as sum from inventory.stock_movements group by product_id
      ) as m on m.product_id = coalesce(p.id, s.product_id)
      where s.product_id is null or s.available < 0 or s.available <> coalesce(m.sum, 0)`,
  },
  {
    // What was rejected takes nothing, and nothing gives back more than it took. A later hold of an order begins when
    // nothing is taken by an earlier one.
    names: ['reservations-and-ledger'],
    needs: ['inventory'],
    checked: `select count(*) from inventory.reservations where status <> 'held'`,
    offenders: `
      select 'reservations-and-ledger', 'order ' || m.order_id || case
        when r.order_id is null then ' has movements without a reservation'
        else ' is ' || r.status || ': of product ' || m.product_id || ' 0 should be taken, and ' || -m.quantity || ' are'
          || case when r.hold_no > 1 then ' by hold ' || m.hold_no || ' of ' || r.hold_no else '' end
      end
      from (
        select order_id, product_id, hold_no,
          coalesce(sum(quantity) filter (where kind in ('reserve', 'release')), 0) as quantity
        from inventory.stock_movements where order_id is not null
        group by order_id, product_id, hold_no
      ) as m
      left join inventory.reservations r on r.order_id = m.order_id
      where r.order_id is null or m.quantity > 0
        or ((r.status = 'rejected' or m.hold_no <> r.hold_no) and m.quantity <> 0)`,
  },
  {
    // What is held is what was ordered and found; what is released keeps what was packed: no more and no less. A held
    // reservation of an order that does not exist is judged with the orders.
    names: ['reservations-and-ledger'],
    needs: ['order', 'inventory'],
    compares: 'what is held was not compared with what was ordered',
    checked: `select count(*) from inventory.reservations where status = 'held'`,
    offenders: `
      select 'reservations-and-ledger', 'order ' || r.order_id || ' is ' || r.status || ': of product '
        || coalesce(l.product_id, m.product_id) || ' ' || coalesce(l.quantity, 0) || ' should be taken, and '
        || -coalesce(m.quantity, 0) || ' are'
      from (
        select l.order_id, l.product_id,
          sum(case when r.status = 'held' then l.quantity - l.canceled else l.packed end) as quantity
        from orders.order_lines l join inventory.reservations r on r.order_id = l.order_id
        where r.status <> 'rejected'
        group by l.order_id, l.product_id
      ) as l
      full join (
        select m.order_id, m.product_id,
          coalesce(sum(m.quantity) filter (where m.kind in ('reserve', 'release')), 0) as quantity
        from inventory.stock_movements m join inventory.reservations r on r.order_id = m.order_id
        where r.status <> 'rejected'
        group by m.order_id, m.product_id
      ) as m on m.order_id = l.order_id and m.product_id = l.product_id
      join inventory.reservations r on r.order_id = coalesce(l.order_id, m.order_id)
      left join orders.orders o on o.id = r.order_id
      where coalesce(l.quantity, 0) + coalesce(m.quantity, 0) <> 0 and not (
        -- An event that nobody of us sent can name an order that does not exist; its stock goes back at once.
        o.id is null and r.updated_at > now() - interval '60 s'
      ) and not (
        -- It is on its way back; for how long is a rule of its own.
        coalesce(o.awaiting_release, false) and coalesce(l.quantity, 0) < -coalesce(m.quantity, 0)
      )`,
  },
  {
    names: ['movements-once'],
    needs: ['inventory'],
    checked: `select count(*) from inventory.stock_movements where order_id is not null or idempotency_key is not null`,
    offenders: `
      select 'movements-once', 'order ' || order_id || ' has ' || count(*) || ' times ' || kind || ' of product ' || product_id
      from inventory.stock_movements where order_id is not null
      group by order_id, product_id, kind, hold_no, step having count(*) > 1
      union all
      select 'movements-once', 'product ' || product_id || ' was adjusted ' || count(*) || ' times under the key ' || idempotency_key
      from inventory.stock_movements where idempotency_key is not null
      group by product_id, idempotency_key having count(*) > 1`,
  },
]

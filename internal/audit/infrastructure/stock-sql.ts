import type { AuditCheck } from './check.ts'

export const stockChecks: readonly AuditCheck[] = [
  {
    names: ['stock-and-ledger'],
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
    // What is held is what was ordered, no more and no less; everything else has gone back. A held reservation of an
    // order that does not exist is judged with the orders.
    names: ['reservations-and-ledger'],
    checked: `select count(*) from inventory.reservations`,
    offenders: `
      select 'reservations-and-ledger', 'order ' || coalesce(l.order_id, m.order_id) || case
        when m.order_id is not null and r.order_id is null then ' has movements without a reservation'
        else ' is ' || r.status || ': of product ' || coalesce(l.product_id, m.product_id) || ' '
          || coalesce(l.quantity, 0) || ' should be taken, and ' || -coalesce(m.quantity, 0) || ' are'
      end
      from (
        select l.order_id, l.product_id, sum(l.quantity) as quantity
        from orders.order_lines l join inventory.reservations r on r.order_id = l.order_id
        where r.status = 'held'
        group by l.order_id, l.product_id
      ) as l
      full join (
        select order_id, product_id, sum(quantity) as quantity
        from inventory.stock_movements where order_id is not null
        group by order_id, product_id
      ) as m on m.order_id = l.order_id and m.product_id = l.product_id
      left join inventory.reservations r on r.order_id = coalesce(l.order_id, m.order_id)
      where r.order_id is null
        or (coalesce(l.quantity, 0) + coalesce(m.quantity, 0) <> 0 and not (
          -- An event that nobody of us sent can name an order that does not exist; its stock goes back at once.
          l.order_id is null and r.status = 'held' and r.updated_at > now() - interval '60 s'
          and not exists (select from orders.orders o where o.id = m.order_id)))`,
  },
  {
    names: ['movements-once'],
    checked: `select count(*) from inventory.stock_movements where order_id is not null or idempotency_key is not null`,
    offenders: `
      select 'movements-once', 'order ' || order_id || ' has ' || count(*) || ' times ' || kind || ' of product ' || product_id
      from inventory.stock_movements where order_id is not null
      group by order_id, product_id, kind having count(*) > 1
      union all
      select 'movements-once', 'product ' || product_id || ' was adjusted ' || count(*) || ' times under the key ' || idempotency_key
      from inventory.stock_movements where idempotency_key is not null
      group by product_id, idempotency_key having count(*) > 1`,
  },
]

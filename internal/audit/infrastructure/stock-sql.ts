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
    // What is not held has gone back.
    names: ['reservations-and-ledger'],
    needs: ['inventory'],
    checked: `select count(*) from inventory.reservations where status <> 'held'`,
    offenders: `
      select 'reservations-and-ledger', 'order ' || m.order_id || case
        when r.order_id is null then ' has movements without a reservation'
        else ' is ' || r.status || ': of product ' || m.product_id || ' 0 should be taken, and ' || -m.quantity || ' are'
      end
      from (
        select order_id, product_id, sum(quantity) as quantity
        from inventory.stock_movements where order_id is not null
        group by order_id, product_id
      ) as m
      left join inventory.reservations r on r.order_id = m.order_id
      where r.order_id is null or (r.status <> 'held' and m.quantity <> 0)`,
  },
  {
    // What is held is what was ordered, no more and no less. A held reservation of an order that does not exist is
    // judged with the orders.
    names: ['reservations-and-ledger'],
    needs: ['order', 'inventory'],
    compares: 'what is held was not compared with what was ordered',
    checked: `select count(*) from inventory.reservations where status = 'held'`,
    offenders: `
      select 'reservations-and-ledger', 'order ' || r.order_id || ' is held: of product '
        || coalesce(l.product_id, m.product_id) || ' ' || coalesce(l.quantity, 0) || ' should be taken, and '
        || -coalesce(m.quantity, 0) || ' are'
      from (
        select l.order_id, l.product_id, sum(l.quantity) as quantity
        from orders.order_lines l join inventory.reservations r on r.order_id = l.order_id
        where r.status = 'held'
        group by l.order_id, l.product_id
      ) as l
      full join (
        select m.order_id, m.product_id, sum(m.quantity) as quantity
        from inventory.stock_movements m join inventory.reservations r on r.order_id = m.order_id
        where r.status = 'held'
        group by m.order_id, m.product_id
      ) as m on m.order_id = l.order_id and m.product_id = l.product_id
      join inventory.reservations r on r.order_id = coalesce(l.order_id, m.order_id)
      where coalesce(l.quantity, 0) + coalesce(m.quantity, 0) <> 0 and not (
        -- An event that nobody of us sent can name an order that does not exist; its stock goes back at once.
        l.order_id is null and r.updated_at > now() - interval '60 s'
        and not exists (select from orders.orders o where o.id = m.order_id))`,
  },
  {
    names: ['movements-once'],
    needs: ['inventory'],
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

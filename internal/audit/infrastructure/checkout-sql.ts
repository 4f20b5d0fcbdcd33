import type { SqlCheck } from './check.ts'

/** What is under way between two services gets so long. */
const late = `now() - interval '60 s'`

/** Orders that were made of carts: what a checkout froze, and that the cart hears of it. */
export const checkoutChecks: readonly SqlCheck[] = [
  {
    names: ['checkout-terms'],
    needs: ['order'],
    checked: `select count(*) from orders.orders where terms is not null`,
    offenders: `
      with frozen as (
        select o.id, o.terms, (
            select count(*) from orders.order_lines l where l.order_id = o.id
          ) as lines, (
            select coalesce(sum((line ->> 'discountMinor')::bigint), 0)
            from jsonb_array_elements(o.terms -> 'lines' || jsonb_build_array(o.terms -> 'shipping')) as line
          ) as discount, (
            select coalesce(sum((line ->> 'taxMinor')::bigint), 0)
            from jsonb_array_elements(o.terms -> 'lines' || jsonb_build_array(o.terms -> 'shipping')) as line
          ) as tax, (
            select coalesce(sum((line ->> 'taxMinor')::bigint), 0)
            from jsonb_array_elements(o.terms -> 'taxLines') as line
          ) as rates
        from orders.orders o where o.terms is not null
      )
      select 'checkout-terms', 'order ' || id || case
        when lines <> jsonb_array_length(terms -> 'lines') then ' has other lines than those whose prices were frozen'
        when discount <> (terms ->> 'discountMinor')::bigint then ' has discounts of ' || discount || ' in its lines'
        else ' has taxes of ' || tax || ' in its lines, and of ' || rates || ' by rates' end
      from frozen
      where lines <> jsonb_array_length(terms -> 'lines') or discount <> (terms ->> 'discountMinor')::bigint
        or tax <> (terms ->> 'taxMinor')::bigint or rates <> (terms ->> 'taxMinor')::bigint`,
  },
  {
    names: ['checkouts-followed-up'],
    needs: ['order'],
    checked: `select count(*) from orders.orders where terms is not null`,
    offenders: `
      select 'checkouts-followed-up', 'order ' || id || ' is ' || status || ', and its cart has not been told since '
        || to_json(updated_at)
      from orders.orders where awaiting_cart and updated_at < ${late}
      union all
      select 'checkouts-followed-up', 'order ' || id || ' is confirmed, and its payment has not begun since '
        || to_json(updated_at)
      from orders.orders where first_payment is not null and status = 'confirmed' and closing_since is null
        and updated_at < ${late}`,
  },
  {
    // An index guards it as well.
    names: ['carts-and-orders'],
    needs: ['order'],
    checked: `select count(distinct cart_id) from orders.orders where cart_id is not null`,
    offenders: `
      select 'carts-and-orders', 'cart ' || cart_id || ' has ' || count(*) || ' orders that live: '
        || string_agg(id || ' is ' || status, ', ' order by id)
      from orders.orders
      where cart_id is not null and status not in ('rejected', 'canceled', 'expired')
      group by cart_id having count(*) > 1`,
  },
  {
    names: ['carts-and-orders'],
    needs: ['cart', 'order'],
    compares: 'carts were not compared with the orders that were made of them',
    checked: `select count(*) from carts.carts where status in ('locked', 'ordered')`,
    offenders: `
      select 'carts-and-orders', 'cart ' || c.id || ' is ordered, but no order of it was covered or is paid later'
      from carts.carts c
      where c.status = 'ordered' and not exists (
        select from orders.orders o where o.cart_id = c.id and (o.status in ('paid', 'shipped', 'completed')
          or (o.terms ->> 'paysOffline')::boolean or o.cart_taken or o.history @> '[{"status": "paid"}]'))
      union all
      select 'carts-and-orders', 'order ' || o.id || ' is ' || o.status || ', but its cart is ' || coalesce(c.status, 'gone')
      from orders.orders o left join carts.carts c on c.id = o.cart_id
      where o.cart_id is not null and o.status in ('paid', 'shipped', 'completed') and not o.awaiting_cart
        -- One that was given back may have been merged before its order was revived.
        and coalesce(c.status, 'gone') not in ('ordered', 'merged') and o.updated_at < ${late}
      union all
      select 'carts-and-orders', 'cart ' || c.id || ' is locked for order ' || c.order_id || ', which '
        || coalesce('is ' || o.status, 'does not exist')
      from carts.carts c left join orders.orders o on o.id = c.order_id
      where c.status = 'locked' and (o.id is null or o.status in ('rejected', 'canceled', 'expired'))
        and greatest(c.updated_at, o.updated_at) < now() - interval '180 s'`,
  },
]

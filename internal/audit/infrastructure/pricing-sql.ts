import type { SqlCheck } from './check.ts'

export const pricingChecks: readonly SqlCheck[] = [
  {
    names: ['redemptions-and-limits'],
    needs: ['pricing'],
    checked: `select count(*) from pricing.promotions`,
    offenders: `
      select 'redemptions-and-limits', 'promotion ' || p.id || case
        when p.redeemed <> coalesce(r.count, 0)
          then ' counts ' || p.redeemed || ' redemptions, and there are ' || coalesce(r.count, 0)
        else ' has ' || r.count || ' redemptions, and a limit of ' || p.redemption_limit
      end
      from pricing.promotions p
      left join (select promotion_id, count(*) from pricing.redemptions group by promotion_id) r on r.promotion_id = p.id
      where p.redeemed <> coalesce(r.count, 0) or coalesce(r.count, 0) > p.redemption_limit
      union all
      -- A limit that was lowered afterwards takes nothing away.
      select 'redemptions-and-limits', 'promotion ' || promotion_id || ' was redeemed ' || count(*) || ' times by one customer'
      from pricing.redemptions where customer_key is not null
      group by promotion_id, customer_key
      having count(*) > max(customer_limit) and count(*) = count(customer_limit)`,
  },
  {
    // What is not held or used has gone back.
    names: ['redemptions-and-holds'],
    needs: ['pricing'],
    checked: `select count(*) from pricing.redemption_holds`,
    offenders: `
      select 'redemptions-and-holds', 'hold ' || h.hold || ' of order ' || h.order_id || ' is ' || h.status
        || ', and redeems promotion ' || r.promotion_id
      from pricing.redemptions r join pricing.redemption_holds h on h.order_id = r.order_id and h.hold = r.hold
      where h.status not in ('held', 'confirmed')`,
  },
  {
    // A hold comes after its order, and goes soon after it.
    names: ['orders-and-redemptions'],
    needs: ['order', 'pricing'],
    compares: 'orders were not compared with the promotions that they redeem',
    checked: `select count(*) from pricing.redemption_holds where status = 'held'`,
    offenders: `
      select 'orders-and-redemptions', 'hold ' || h.hold || ' is held for order ' || h.order_id || ', which '
        || coalesce('is ' || o.status, 'does not exist')
      from pricing.redemption_holds h left join orders.orders o on o.id = h.order_id
      where h.status = 'held' and (o.id is null or o.status in ('rejected', 'canceled', 'expired'))
        and o.reviving_since is null
        and coalesce(o.updated_at, h.updated_at) < now() - interval '60 s'`,
  },
]

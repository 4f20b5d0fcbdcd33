import { query } from '../shared/database.ts'
import { until } from '../shared/wait.ts'

/**
 * A provider's call without an answer is looked up two minutes later, what failed often waits up to some minutes, and a
 * process whose clock was wrong may have planned things for ten minutes later.
 */
const withinMs = 900_000
/** Holds that end later than this were planned by a wrong clock. Nobody waits for them. */
const soon = `now() + interval '60 s'`

const openSql = `
  select (select count(*) from orders.orders where status = 'pending' or awaiting_release or closing_since is not null
      or (status = 'confirmed' and hold_until < ${soon}))
    + (select count(*) from producer.unpublished)
    + (select count(*) from payments.operations where status = 'waiting')
    + (select count(*) from payments.inbox where status = 'received')
    + (select count(*) from payments.gates where status = 'closing' or late_until is not null)
    + (select count(*) from payments.refunds r join payments.payments p on p.id = r.payment_id
      where p.provider <> 'offline' and r.status in ('requested', 'submitted', 'unknown', 'action_required'))
    + (select count(*) from orders.orders where awaiting_cart or reviving_since is not null
      or (first_payment is not null and status = 'confirmed')
      or (not has_receipt and (money_taken or total_minor = 0) and status in ('paid', 'shipped', 'completed')))
    + (select count(*) from carts.carts c where c.status = 'locked' and not exists (
      select from orders.orders o where o.id = c.order_id and o.status = 'confirmed'))
    + (select count(*) from orders.shipments where awaiting_money)
    + (select count(*) from orders.returns where money = 'due')
    + (select count(*) from pricing.redemption_holds h join orders.orders o on o.id = h.order_id
      where h.status = 'held' and o.status in ('rejected', 'canceled', 'expired'))
    + (select count(*) from payments.payments where status in ('created', 'unknown', 'processing'))
    + (select count(*) from payments.gates g join orders.orders o on o.id = g.order_id
      where o.gate_version < g.version) as open`

/**
 * Returns how long it took until nothing is pending, everything is published, and all money is where it belongs;
 * undefined when it took too long.
 */
export async function comeToRest(databaseUrl: string): Promise<number | undefined> {
  const startedAt = performance.now()
  const isAtRest = async (): Promise<boolean> =>
    (await query<{ open: string }>(databaseUrl, openSql))[0]?.open === '0'
  const hasCome = await until(isAtRest, { withinMs, everyMs: 500 })
  return hasCome && Math.round(performance.now() - startedAt)
}

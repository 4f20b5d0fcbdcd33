import type { SqlCheck } from './check.ts'

const needs = ['payment']

/** What each payment has taken, in its own currency and without captures that have failed after all. */
export const taken = `
  select e.payment_id, sum(e.amount_minor) as minor from payments.entries e
  join payments.payments p on p.id = e.payment_id and p.currency = e.currency
  where e.kind = 'captured' and not exists (
    select from payments.entries f where f.payment_id = e.payment_id and f.kind = 'capture_failed' and f.ref = e.ref
  ) group by e.payment_id`

/** What each payment has given back, as its provider says. */
export const returned = `
  select e.payment_id, sum(e.amount_minor) as minor from payments.entries e
  where e.kind = 'refunded' and not exists (
    select from payments.entries f where f.payment_id = e.payment_id and f.kind = 'refund_failed' and f.ref = e.ref
  ) group by e.payment_id`

/** Orders of which a bank has taken money back: what is left can't be given back twice. */
const disputed = `select order_id from payments.entries where kind = 'dispute' and amount_minor > 0`

/** What orders do not owe because of units: all of it, and of those that came back. */
export const goodsMinor = `
  select g.order_id, sum((l ->> 'returnedMinor')::bigint) as returned,
    sum((l ->> 'shortMinor')::bigint + (l ->> 'returnedMinor')::bigint) as minor
  from payments.gates g, jsonb_array_elements(g.lines) l where l ? 'shortMinor' group by 1`

/** What is kept of an order if all its refunds succeed, and how much of them was for goods. */
const kept = `
  select g.order_id, g.status, g.due_minor, g.keep_minor - coalesce(u.returned, 0) as keep_minor, g.keeps_money,
    coalesce((select sum(t.minor) from (${taken}) t join payments.payments p on p.id = t.payment_id
      where p.order_id = g.order_id), 0)
    - coalesce((select sum(r.amount_minor) from payments.refunds r
      where r.order_id = g.order_id and r.status <> 'canceled'), 0) as minor,
    coalesce((select sum(r.credit_minor) from payments.refunds r
      where r.order_id = g.order_id and r.status <> 'canceled'), 0) + coalesce(u.minor, 0) as credited
  from payments.gates g left join (${goodsMinor}) u on u.order_id = g.order_id
  where g.late_until is null and g.order_id not in (${disputed})`

export const paymentChecks: readonly SqlCheck[] = [
  {
    names: ['payments-and-entries'],
    needs,
    checked: `select count(*) from payments.payments`,
    offenders: `
      select 'payments-and-entries', 'payment ' || p.id || ' is ' || p.status || ', but took ' || coalesce(t.minor, 0)
      from payments.payments p left join (${taken}) t on t.payment_id = p.id
      where (p.status = 'captured') <> (coalesce(t.minor, 0) > 0)
        and not exists (select from payments.entries e where e.payment_id = p.id and e.currency <> p.currency)`,
  },
  {
    names: ['refunds-and-entries'],
    needs,
    checked: `select count(*) from payments.refunds`,
    offenders: `
      select 'refunds-and-entries', 'payment ' || p.id || ' gave back ' || coalesce(b.minor, 0)
        || ', but its refunds say ' || coalesce(r.minor, 0)
      from payments.payments p
      left join (${returned}) b on b.payment_id = p.id
      left join (
        select payment_id, sum(amount_minor) as minor from payments.refunds where status = 'succeeded' group by 1
      ) r on r.payment_id = p.id
      where coalesce(b.minor, 0) <> coalesce(r.minor, 0)`,
  },
  {
    // What the provider has given back by itself is an alarm and not ours.
    names: ['refunds-within-captures'],
    needs,
    checked: `select count(*) from payments.refunds`,
    offenders: `
      select 'refunds-within-captures', 'payment ' || r.payment_id || ' took ' || coalesce(t.minor, 0)
        || ', and is to give back ' || r.minor
      from (
        select payment_id, sum(amount_minor) as minor from payments.refunds
        where status <> 'canceled' and (
          id in (select refund_id from payments.operations where refund_id is not null)
          or payment_id in (select id from payments.payments where provider = 'offline')
        )
        group by 1
      ) r left join (${taken}) t on t.payment_id = r.payment_id
      where r.minor > coalesce(t.minor, 0)`,
  },
  {
    names: ['too-much-goes-back'],
    needs,
    checked: `select count(*) from payments.gates`,
    offenders: `
      select 'too-much-goes-back', 'order ' || order_id || ' is ' || status || ' and keeps ' || minor
      from (${kept}) k
      where (status = 'closed' and not keeps_money and minor > greatest(keep_minor, 0))
        or ((status = 'open' or keeps_money) and minor > due_minor - least(credited, due_minor))`,
  },
  {
    names: ['goods-within-lines'],
    needs,
    checked: `select count(*) from payments.gates where lines <> '[]'`,
    offenders: `
      select 'goods-within-lines', 'order ' || g.order_id || ' does not owe ' || (l ->> 'shortMinor') || ' and '
        || (l ->> 'returnedMinor') || ' of a line of ' || (l ->> 'totalMinor')
      from payments.gates g, jsonb_array_elements(g.lines) l
      where (l ->> 'shortMinor')::bigint + (l ->> 'returnedMinor')::bigint > (l ->> 'totalMinor')::bigint`,
  },
  {
    names: ['refunds-by-hand'],
    needs,
    checked: `select count(*) from payments.refunds where status = 'settled_manually'`,
    offenders: `
      select 'refunds-by-hand', 'refund ' || id || ' is ' || status || ' under the reference "' || reference || '"'
      from payments.refunds where (status = 'settled_manually') <> (reference <> '')`,
  },
  {
    names: ['intent-before-money'],
    needs,
    checked: `select count(*) from payments.entries where kind = 'captured' and provider <> 'offline'`,
    offenders: `
      select 'intent-before-money', 'payment ' || e.payment_id || ' took money that nobody had asked a provider for'
      from payments.entries e
      where e.kind = 'captured' and e.provider <> 'offline' and not exists (
        select from payments.operations o
        where o.payment_id = e.payment_id and o.kind = 'create' and o.status <> 'canceled'
      )`,
  },
  {
    names: ['provider-messages-end'],
    needs,
    checked: `select count(*) from payments.inbox`,
    offenders: `
      select 'provider-messages-end', 'message ' || id || ' of ' || provider || ' has waited since ' || received_at
      from payments.inbox where status = 'received' and received_at < now() - interval '1 hour'`,
  },
]

import type { SqlCheck } from './check.ts'

// What may be left of an erased person, and where: the one list of the columns that tell of people. The texts of a database
// that are not in it have their reason in internal/e2e/testing/texts-of-databases.ts.

type Remnant = {
  readonly service: string
  /** Yields (whose, what is left), for all people. */
  readonly sql: string
}

export const remnants: readonly Remnant[] = [
  {
    service: 'cart',
    sql: `
      select user_id, 'where cart ' || id || ' is delivered to' from carts.carts where delivery is not null
      union all
      select t.user_id, 'where cart ' || s.id || ' is delivered to, which became theirs'
      from carts.carts s join carts.carts t on t.id = s.merged_into where s.delivery is not null
      union all
      select user_id, 'what is in cart ' || id from carts.carts
      where status <> 'locked' and (lines <> '[]' or promotion_codes <> '[]')`,
  },
  {
    service: 'payment',
    sql: `
      select user_id, 'from where payment ' || id || ' was made' from payments.payments
      where client <> '' or return_url <> ''`,
  },
  {
    service: 'pricing',
    sql: `
      select case when customer_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then customer_key::uuid end,
        'their key on a redemption of order ' || order_id from pricing.redemptions`,
  },
  {
    service: 'notification',
    sql: `
      select recipient_id, 'what a mail server said of delivery ' || id from notifications.deliveries
      where recipient_type = 'user' and failure <> ''
      union all
      select user_id, 'what they want to be told' from notifications.preferences`,
  },
]

/** An order that is paid and not shipped needs its buyer, and so does its receipt. What else is open ends by itself. */
const isWaiting = `(o.status in ('pending', 'confirmed', 'paid') or o.closing is not null or o.reviving is not null
  or (not o.has_receipt and (o.money_taken or o.total_minor = 0) and o.status in ('shipped', 'completed'))
  or exists (select from orders.returns r where r.order_id = o.id
    and (r.status in ('requested', 'approved', 'received') or r.money = 'due')))`

const hasBuyer = `(o.buyer ->> 'email' <> '' or o.buyer #>> '{delivery,name}' <> '' or o.buyer #>> '{delivery,line1}' <> ''
  or o.buyer ? 'billing')`

const hasWords = `(o.history @? '$[*] ? (@.reason != "")' or o.terms @? '$.lines[*] ? (@.attributes != "")'
  or exists (select from orders.returns r join orders.return_lines l on l.return_id = r.id
    where r.order_id = o.id and l.reason <> ''))`

const erased = `select count(*) from users.accounts where erased_at is not null`
const compares = 'what is stored was not compared with the people who were erased'

/** An hour is far more than it takes; it may be an outage long. */
const isDue = `a.erased_at < now() - interval '1 hour'`

export const erasureChecks: readonly SqlCheck[] = [
  {
    names: ['erased-people'],
    needs: ['user'],
    checked: erased,
    offenders: `
      select 'erased-people', 'user ' || a.id || ' was erased, and has ' || left_over.what
      from users.accounts a join (
        select user_id, 'a session' as what from users.sessions
        union all select user_id, 'an identity elsewhere' from users.identities
        union all select user_id, 'a saved address' from users.addresses
        union all select user_id, 'a link of a mail' from users.mail_requests
      ) as left_over on left_over.user_id = a.id
      where a.erased_at is not null
      union all
      select 'erased-people', 'user ' || e.user_id || ' was erased, and ' || e.context || ' has not confirmed it'
      from users.erasures e join users.accounts a on a.id = e.user_id
      where e.confirmed_at is null and e.context <> 'order' and ${isDue}`,
  },
  {
    names: ['erased-people'],
    needs: ['user', 'order'],
    compares,
    checked: erased,
    offenders: `
      select 'erased-people', 'user ' || a.id || ' was erased, and order ' || o.id || ' names its buyer'
      from users.accounts a join orders.orders o on o.user_id = a.id
      where ${isDue} and ${hasBuyer} and not ${isWaiting}
      union all
      select 'erased-people', 'user ' || a.id || ' was erased, and order ' || o.id || ' has what they wrote'
      from users.accounts a join orders.orders o on o.user_id = a.id
      where ${isDue} and ${hasWords} and not ${isWaiting}
      union all
      select 'erased-people', 'user ' || e.user_id || ' was erased, and order has not confirmed it'
      from users.erasures e join users.accounts a on a.id = e.user_id
      where e.confirmed_at is null and e.context = 'order' and ${isDue}
        and not exists (select from orders.orders o where o.user_id = a.id and ${isWaiting})`,
  },
  ...remnants.map(({ service, sql }): SqlCheck => {
    return {
      names: ['erased-people'],
      needs: ['user', service],
      compares,
      checked: erased,
      offenders: `
        select 'erased-people', 'user ' || a.id || ' was erased, and ${service} still has ' || left_over.what
        from users.accounts a join (${sql}) as left_over(user_id, what) on left_over.user_id = a.id
        where ${isDue}`,
    }
  }),
]

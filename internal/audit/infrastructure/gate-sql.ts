import type { SqlCheck } from './check.ts'

export const gateChecks: readonly SqlCheck[] = [
  {
    // Nobody is charged for a dead order, and nobody pays for a live one in vain. An order that is closing or reviving is
    // on its way.
    names: ['orders-and-gates'],
    needs: ['order', 'payment'],
    compares: 'orders were not compared with their gates',
    checked: `select count(*) from payments.gates`,
    offenders: `
      select 'orders-and-gates', 'order ' || o.id || ' is ' || o.status || ', and its gate is ' || g.status
      from payments.gates g join orders.orders o on o.id = g.order_id
      where o.closing_since is null and o.reviving_since is null
        and greatest(o.updated_at, g.updated_at) < now() - interval '60 s'
        and case
          when o.status in ('expired', 'canceled', 'rejected') then g.status = 'open'
          when o.status in ('confirmed', 'paid', 'shipped', 'completed') then g.status = 'closed'
        end`,
  },
]

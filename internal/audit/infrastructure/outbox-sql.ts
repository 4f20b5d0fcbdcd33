import type { Aggregate } from '../domain/aggregate.ts'
import type { SqlCheck } from './check.ts'

/** Everything that has happened since then is still in the outbox: older days are dropped, a partition each. */
export const retainedSince = `
  select coalesce(least(
    min((regexp_match(pg_get_expr(c.relpartbound, c.oid), $bound$FROM \\('([^']+)'\\)$bound$))[1]::timestamptz),
    case when count(*) > 1 then (select min(occurred_at) from producer.outbox) end
  ), '-infinity') as at
  from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'producer.outbox'::regclass`

/** No aggregate at all, for a database whose services have none. */
const noAggregate = `
  select '' as type, aggregate_id as id, 0 as version, occurred_at as created_at, occurred_at as updated_at
  from producer.outbox where false`

function rowsOf(aggregates: readonly Aggregate[]): string {
  const rows = aggregates.map(
    ({ type, sql }) => `select '${type}', a.* from (${sql}) as a(id, version, created_at, updated_at)`,
  )
  return [noAggregate, ...rows].join(' union all ')
}

/** Several rows of one version count once in \`versions\`. */
const events = `
  select type, id, sum(count) as count, count(*) as versions, min(version) as first, max(version) as last
  from (
    select aggregate_type as type, aggregate_id as id, aggregate_version as version, count(*) as count
    from producer.outbox group by 1, 2, 3
  ) as versions
  group by type, id`

export const outboxChecks: readonly SqlCheck[] = [
  {
    names: ['events-of-transitions', 'events-of-something'],
    needs: [],
    checked: `select count(*) from producer.outbox`,
    offenders: (aggregates) => `
      with retained as materialized (${retainedSince}), aggregates as (${rowsOf(aggregates)}), events as (${events})
      select case when a.id is null then 'events-of-something' else 'events-of-transitions' end,
        coalesce(a.type, e.type) || ' ' || coalesce(a.id, e.id) || case
          when a.id is null then ' has events, but does not exist'
          when e.id is null then ' has no event'
          when e.count > e.versions then ' has two events for one version'
          when e.last <> a.version then ' has version ' || a.version || ', but its last event has ' || e.last
          when e.last - e.first + 1 > e.versions then ' has versions without an event'
          else ' has no event before version ' || e.first
        end
      from aggregates a
      full join events e on e.type = a.type and e.id = a.id
      cross join retained
      where a.id is null
        or (e.id is null and a.version > 0 and a.updated_at >= retained.at)
        or e.count > e.versions or e.last <> a.version or e.last - e.first + 1 > e.versions
        or (e.first > 1 and a.created_at >= retained.at)`,
  },
  {
    names: ['events-tell-the-truth'],
    needs: ['order'],
    checked: `select count(*) from producer.outbox where aggregate_type = 'order'`,
    offenders: `
      select 'events-tell-the-truth', 'order ' || o.id || ' became ' || s.status || ', but its event says ' || e.subject
      from producer.outbox e
      join orders.orders o on o.id = e.aggregate_id
      cross join lateral (
        select o.history -> (e.aggregate_version - 1) ->> 'status' as status,
          o.history -> (e.aggregate_version - 2) ->> 'status' as before
      ) as s
      where e.aggregate_type = 'order' and e.subject <> 'order.' || case
        when s.status = 'pending' then 'created'
        when s.status = 'paid' and s.before = 'expired' then 'revived'
        else s.status
      end`,
  },
  {
    names: ['events-tell-the-truth'],
    needs: ['inventory'],
    checked: `select count(*) from producer.outbox where aggregate_type = 'reservation'`,
    offenders: `
      select 'events-tell-the-truth', 'the reservation of order ' || r.order_id || ' is ' || r.status || ' at version '
        || r.version || ', but event ' || e.aggregate_version || ' says ' || e.subject
      from producer.outbox e
      join inventory.reservations r on r.order_id = e.aggregate_id
      where e.aggregate_type = 'reservation' and not e.subject = any (case
        -- The holds before the last one ended in any way.
        when r.hold_no > 1 and e.aggregate_version < r.version
          then array['stock.reserved', 'stock.rejected', 'stock.released', 'stock.returned', 'stock.replaced']
        when r.hold_no > 1 and r.status = 'held'
          then array['stock.reserved', 'stock.released', 'stock.returned', 'stock.replaced']
        when r.status = 'rejected' then array['stock.rejected']
        when e.aggregate_version = 1 and r.version > 1 then array['stock.reserved']
        when e.aggregate_version = 1 and r.status = 'held' then array['stock.reserved']
        when e.aggregate_version = 1 then array['stock.released']
        else array['stock.released', 'stock.returned', 'stock.replaced'] end)`,
  },
  ...['shipment', 'return'].map((kind): SqlCheck => ({
    names: ['events-tell-the-truth'],
    needs: ['order'],
    checked: `select count(*) from producer.outbox where aggregate_type = '${kind}'`,
    offenders: `
        select 'events-tell-the-truth', '${kind} ' || s.id || ' became ' || h.status || ', but its event says ' || e.subject
        from producer.outbox e
        join orders.${kind}s s on s.id = e.aggregate_id
        cross join lateral (select s.history -> (e.aggregate_version - 1) ->> 'status' as status) as h
        where e.aggregate_type = '${kind}' and e.subject is distinct from '${kind}.' || h.status`,
  })),
  {
    names: ['event-ids'],
    needs: [],
    checked: `select count(*) from producer.outbox`,
    offenders: `
      select 'event-ids', 'event id ' || id || ' is on ' || count(*) || ' events'
      from producer.outbox group by id having count(*) > 1`,
  },
  {
    names: ['events-in-order'],
    needs: [],
    checked: `select count(*) from producer.outbox`,
    offenders: `
      select 'events-in-order', aggregate_type || ' ' || aggregate_id || ' has event ' || aggregate_version
        || ' behind event ' || before
      from (
        select aggregate_type, aggregate_id, aggregate_version, lag(aggregate_version) over (
          partition by aggregate_type, aggregate_id order by seq) as before
        from producer.outbox
      ) as e
      where aggregate_version < before`,
  },
  {
    names: ['published-in-time'],
    needs: [],
    checked: `select count(*) from producer.outbox`,
    offenders: `
      select 'published-in-time', 'event ' || id || ' (' || subject || ') is unpublished since ' || to_json(occurred_at)
        || case when parked then ', parked: ' || coalesce(last_error, 'no error') else '' end
      from producer.unpublished join producer.outbox using (seq, occurred_at)
      where occurred_at < now() - interval '60 s'`,
  },
]

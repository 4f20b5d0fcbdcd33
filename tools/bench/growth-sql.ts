// Makes a year of orders, as in a shop that has run for a year. The events of most orders are gone. For the last 25th
// of the orders, the oldest partition of the outbox still has the events, but the streams no longer keep them.

/** Partitions that the producer would have made itself two weeks ago, and that it still keeps. */
export const outboxDaysSql = `
  do $$
  declare day date;
  begin
    for back in 14..15 loop
      day := (now() at time zone 'UTC')::date - back;
      execute format('create table if not exists producer.outbox_%s partition of producer.outbox
        for values from (%L) to (%L)', to_char(day, 'YYYYMMDD'), day || ' 00:00:00+00', day + 1 || ' 00:00:00+00');
    end loop;
  end $$`

const isRecent = 'n > $3::int - $3::int / 25'

/** For each order its status, the path to it, and the time at which it began. */
const wantedSql = `
  select numbered.n, uuidv7(began - now()) as id, began, path, path[cardinality(path)] as status,
    p.id as product_id, p.sku, p.name, p.price_minor, u.id as user_id, recent, began + interval '1 min' as ended,
    (select jsonb_agg(jsonb_build_object('at', began + step * interval '1 s', 'reason', '', 'status', name) order by step)
      from unnest(path) with ordinality as steps (name, step)) as history
  from (
    select n, ${isRecent} as recent,
      case when ${isRecent} then now() - interval '14 days 20 hours' + (n % 64800) * interval '1 s'
        else now() - interval '380 days' + n * (interval '360 days' / $3::int) end as began,
      case when ${isRecent} then array['pending', 'confirmed']
        when n % 100 = 1 then array['pending', 'rejected']
        when n % 10 = 0 then array['pending', 'confirmed', 'canceled']
        when n % 10 < 7 then array['pending', 'confirmed', 'shipped', 'completed']
        else array['pending', 'confirmed'] end as path
    from generate_series($1::int, $2::int) as n
  ) as numbered
  join sold p on p.n = (numbered.n::bigint * 7919) % (select count(*) from sold)
  join customer u on u.n = (numbered.n::bigint * 104729) % (select count(*) from customer)`

const outboxSql = `
  insert into producer.outbox (occurred_at, id, lane, aggregate_type, aggregate_id, aggregate_version, subject, type,
    data, correlation_id, causation_id, traceparent)
  select began, uuidv7(began - now()), n % 4, kind, w.id, version, subject, 'tillstream.' || subject || '.v1',
    (case kind when 'order' then jsonb_build_object('order', jsonb_build_object('id', w.id, 'userId', user_id,
        'status', path[version], 'items', jsonb_build_array(jsonb_build_object('productId', product_id, 'sku', sku,
        'name', name, 'quantity', 1, 'unitPriceMinor', price_minor::text)), 'totalMinor', price_minor::text,
        'currency', 'USD', 'createdAt', began, 'updatedAt', ended, 'history', history, 'version', version))
      else jsonb_build_object('orderId', w.id, 'lines',
        jsonb_build_array(jsonb_build_object('productId', product_id, 'quantity', 1))) end)::text,
    w.id, '', ''
  from wanted w
  cross join (values ('order', 1, 'order.created'), ('order', 2, 'order.confirmed'), ('reservation', 1, 'stock.reserved'))
    as event (kind, version, subject)
  where recent`

/** Inserts the orders number $1 to $2 of $3. */
export const growthSql = `
  with wanted as materialized (${wantedSql}), placed as (
    insert into orders.orders (id, user_id, status, total_minor, currency, version, history, idempotency_key,
      request_digest, created_at, updated_at)
    select id, user_id, status, price_minor, 'USD', cardinality(path), history, 'growth-' || n, 'growth', began, ended
    from wanted
  ), reserved as (
    insert into inventory.reservations (order_id, status, shortages, version, created_at, updated_at)
    select id, case status when 'rejected' then 'rejected' when 'canceled' then 'released' else 'held' end,
      case status when 'rejected' then jsonb_build_array(jsonb_build_object('productId', product_id, 'requested', 1,
        'available', 0)) end,
      case status when 'canceled' then 2 else 1 end, began, ended
    from wanted
  ), ledger as (
    insert into inventory.stock_movements (product_id, order_id, kind, quantity, at)
    select product_id, id, 'reserve', -1, began from wanted where status <> 'rejected'
    union all
    select product_id, id, 'release', 1, ended from wanted where status = 'canceled'
  ), mail as (${outboxSql})
  insert into orders.order_lines (order_id, line_no, product_id, sku, name, quantity, unit_price_minor)
  select id, 1, product_id, sku, name, 1, price_minor from wanted`

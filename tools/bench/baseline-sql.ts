import type pg from 'pg'

/**
 * Makes tables like ours in a schema of their own, with the columns, defaults, constraints and indexes that ours have
 * at the time. The outbox has one partition, and the stock has the same fill factor as ours.
 */
export const baselineSchemaSql = `
  create schema bench_baseline;
  create table bench_baseline.orders (like orders.orders including all);
  create table bench_baseline.order_lines (like orders.order_lines including all);
  alter table bench_baseline.order_lines add foreign key (order_id) references bench_baseline.orders (id);
  create table bench_baseline.outbox (like producer.outbox including all);
  create sequence bench_baseline.outbox_seq owned by bench_baseline.outbox.seq;
  alter table bench_baseline.outbox alter column seq set default nextval('bench_baseline.outbox_seq');
  create table bench_baseline.stock (like inventory.stock including all) with (fillfactor = 50);
  insert into bench_baseline.stock select * from inventory.stock;
  create table bench_baseline.opening as select product_id, available as quantity from inventory.stock;
  analyze bench_baseline.stock;`

type BaselineOrder = {
  readonly id: string
  readonly userId: string
  readonly productId: string
  readonly key: string
  readonly eventId: string
  readonly at: Date
}

export type Statement = {
  readonly name: string
  readonly text: string
  readonly values: (order: BaselineOrder) => readonly unknown[]
}

const price = 1_250

/** The stock is written last, so that its row is locked for the shortest time that one transaction per order allows. */
export const baselineStatements: readonly Statement[] = [
  {
    name: 'order',
    text: `insert into bench_baseline.orders (id, user_id, status, total_minor, currency, version, history,
      idempotency_key, request_digest, created_at, updated_at)
      values ($1, $2, 'pending', $3, 'USD', 1, $4, $5, $5, $6, $6)`,
    values: ({ id, userId, key, at }) => [id, userId, price, historyOf(at), key, at],
  },
  {
    name: 'line',
    text: `insert into bench_baseline.order_lines
      (order_id, line_no, product_id, sku, name, quantity, unit_price_minor)
      values ($1, 1, $2, 'BENCH-0000001', 'Stoneware mug no. 1', 1, $3)`,
    values: ({ id, productId }) => [id, productId, price],
  },
  {
    name: 'outbox',
    text: `insert into bench_baseline.outbox (occurred_at, id, lane, aggregate_type, aggregate_id, aggregate_version,
      subject, type, data, correlation_id, causation_id, traceparent)
      values ($1, $2, 0, 'order', $3, 1, 'order.created', 'tillstream.order.created.v1', $4, $5, '', '')`,
    values: (order) => [order.at, order.eventId, order.id, eventOf(order), order.id],
  },
  {
    name: 'stock',
    text: 'update bench_baseline.stock set available = available - 1 where product_id = $1 and available >= 1',
    values: ({ productId }) => [productId],
  },
]

const historyOf = (at: Date): string => JSON.stringify([{ status: 'pending', at, reason: '' }])

/** An event of the same size as ours. */
function eventOf({ id, userId, productId, at }: BaselineOrder): string {
  const items = [
    { productId, sku: 'BENCH-0000001', name: 'Stoneware mug no. 1', quantity: 1, unitPriceMinor: '1250' },
  ]
  const times = { createdAt: at, updatedAt: at, history: [{ status: 'pending', at, reason: '' }] }
  const money = { totalMinor: '1250', currency: 'USD' }
  return JSON.stringify({ order: { id, userId, status: 'pending', items, ...money, ...times, version: 1 } })
}

/** Returns undefined when there are as many orders as lines, events and units sold, and otherwise what is wrong. */
export async function baselineFault(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ orders: string; lines: string; events: string; sold: string }>(`select
    (select count(*) from bench_baseline.orders) as orders,
    (select count(*) from bench_baseline.order_lines) as lines,
    (select count(*) from bench_baseline.outbox) as events,
    (select sum(i.quantity - s.available) from bench_baseline.stock s join bench_baseline.opening i using (product_id)) as sold`)
  const [{ orders, lines, events, sold } = { orders: '', lines: '', events: '', sold: '' }] = rows
  if (orders === lines && orders === events && orders === sold) return undefined
  return `the baseline has ${orders} orders, ${lines} lines, ${events} events and sold ${sold} units`
}

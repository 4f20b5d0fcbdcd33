import { isDatabaseOutage, retryContention, type Sql } from '../../platform/database.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { keyFinder } from '../../platform/idempotency-keys.ts'
import { coalesce, groupCommit } from '../../platform/group-commit.ts'
import { tracesOfSent, type WakeProducer } from '../../platform/outbox.ts'
import type { Trace } from '../../platform/call.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import { lowestUuidAt } from '../../platform/uuid.ts'
import type { Order, OrderChange, OrderId, OrderStatus } from '../domain/order.ts'
import type { IdempotencyKey, Orders, Stored } from '../application/orders.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { PrismaClient } from './db/client.ts'
import { encodeOrderEvent } from './order-json.ts'
import { keepOrders } from './kept-orders.ts'
import { fromRow, loadOrders, selectOrders } from './order-rows.ts'
import { pageOrders } from './page-orders.ts'
import type { RememberedOrders } from './remembered-orders.ts'
import { updateAll, updateOnce } from './update-orders.ts'
import { refuseUnpaid } from './unpaid-units.ts'
import { insertOrders } from './write-orders.ts'

type Add = { readonly change: OrderChange; readonly key: IdempotencyKey | undefined; readonly trace: Trace }

/** Prisma is used for what is simple, `sql` for the hot paths. */
export function prismaOrders(
  db: PrismaClient,
  sql: PoolSql,
  wakeProducer: WakeProducer,
  remembered: RememberedOrders,
  maxUnpaidUnits?: number,
): Orders {
  const add = addTogether(sql, remembered, wakeProducer, maxUnpaidUnits)
  const kept = keepOrders(sql)
  const findKey = keyFinder(sql, 'orders')
  const findAll = coalesce((ids: readonly OrderId[]) => loadOrders(sql, ids))
  return {
    add: (change, key, trace) => add({ change, key, trace }),
    find: async (id) => (await findAll([id])).get(id),
    recall: (ids) => recall(sql, remembered, ids),
    findByKey: async (userId, key) => (await loadByKeys(sql, [{ userId, key }])).get(`${userId} ${key}`),
    async findByRequest(once) {
      const id = await findKey(once)
      return id === undefined ? undefined : (await findAll([id as OrderId])).get(id as OrderId)
    },
    update: (updates, once) =>
      once
        ? updateOnce(sql, updates, once, remembered, wakeProducer)
        : updateAll(sql, updates, remembered, wakeProducer),
    page: (filter) => pageOrders(sql, kept, filter),
    async pendingSince(before, limit) {
      const where = `o.status = 'pending' and o.id < $1::uuid order by o.id limit $2`
      const found = (await selectOrders(sql, where, lowestUuidAt(before), limit)).map(fromRow)
      const traceOf = await tracesOfOrders(sql, found)
      return found.map(({ id, lines }) => ({ orderId: id, lines, trace: traceOf(id) }))
    },
    async unreleasedSince(before, limit) {
      const where = { awaitingRelease: true, updatedAt: { lt: before } }
      const rows = await db.order.findMany({
        where,
        orderBy: { updatedAt: 'asc' },
        take: limit,
        select: { id: true, version: true, updatedAt: true },
      })
      const found = rows.map((row) => ({ ...row, id: row.id as OrderId }))
      const traceOf = await tracesOfOrders(sql, found)
      return found.map(({ id }) => ({ orderId: id, trace: traceOf(id) }))
    },
    async markReleased(seen) {
      const same = seen.map(({ id, revision }) => ({ id, revision }))
      await db.order.updateMany({
        where: { OR: same, awaitingRelease: true },
        data: { awaitingRelease: false },
      })
    },
    async countByStatus() {
      const rows = await db.order.groupBy({ by: ['status'], _count: true })
      return new Map(rows.map((row) => [row.status as OrderStatus, row._count]))
    },
  }
}

/** A refusal of one order does not fail the batch that it came with. */
function addTogether(
  sql: PoolSql,
  remembered: RememberedOrders,
  wakeProducer: WakeProducer,
  maxUnpaidUnits: number | undefined,
): (add: Add) => Promise<Stored> {
  const add = groupCommit(
    async (adds: readonly Add[]): Promise<readonly (Stored | Refusal)[]> => {
      const stored =
        maxUnpaidUnits === undefined
          ? await addAll(sql, adds, wakeProducer)
          : await addBounded(sql, adds, maxUnpaidUnits, wakeProducer)
      for (const each of stored) if (!(each instanceof Refusal) && each.isNew) remembered.remember(each.order)
      return stored
    },
    { maxBatch: 200, inFlight: 2, isOutage: isDatabaseOutage },
  )
  return async (wanted) => {
    const stored = await add(wanted)
    if (stored instanceof Refusal) throw stored
    return stored
  }
}

/**
 * Reads only the orders that this process has not placed just now. Those that are still pending are remembered, since
 * their change is next.
 */
async function recall(
  sql: Sql,
  remembered: RememberedOrders,
  ids: readonly OrderId[],
): Promise<ReadonlyMap<OrderId, Order>> {
  const found = new Map<OrderId, Order>()
  const unknown: OrderId[] = []
  for (const id of ids) {
    const order = remembered.look(id)
    if (order) found.set(id, order)
    else unknown.push(id)
  }
  if (unknown.length === 0) return found
  for (const [id, order] of await loadOrders(sql, unknown)) {
    found.set(id, order)
    if (order.status === 'pending') remembered.remember(order)
  }
  return found
}

type Stage = Pick<Order, 'id' | 'version' | 'updatedAt'>

/**
 * The traces of the events that reported the present state of these orders. When an event is no longer kept, its
 * order's id is the correlation id.
 */
async function tracesOfOrders(sql: Sql, orders: readonly Stage[]): Promise<(id: OrderId) => Trace> {
  const sent = await tracesOfSent(
    sql,
    orders.map(({ id, version, updatedAt }) => ({
      aggregateId: id,
      aggregateVersion: version,
      occurredAt: updatedAt,
    })),
  )
  return (id) => sent.get(id) ?? { correlationId: id, causationId: '', traceparent: '' }
}

/** The orders that the account may still place, in the order in which they came; the accounts are locked meanwhile. */
async function addBounded(
  sql: PoolSql,
  adds: readonly Add[],
  maxUnits: number,
  wakeProducer: WakeProducer,
): Promise<readonly (Stored | Refusal)[]> {
  return sql.transaction(async (tx) => {
    const refusals = await refuseUnpaid(
      tx,
      adds.map(({ change }) => change.state),
      maxUnits,
    )
    const accepted = adds.filter((_, index) => refusals[index] === undefined)
    const stored = accepted.length > 0 ? await addAll(tx, accepted, wakeProducer) : []
    const waiting = [...stored]
    return refusals.map((refusal) => {
      const answer = refusal ?? waiting.shift()
      if (!answer) throw new Error('an accepted order was not answered')
      return answer
    })
  })
}

async function addAll(
  sql: Sql,
  adds: readonly Add[],
  wakeProducer: WakeProducer,
): Promise<readonly Stored[]> {
  const orders = adds.map(({ change, key }) => ({ order: change.state, key }))
  const events = adds.flatMap(({ change, trace }) =>
    change.events.map((event) => encodeOrderEvent(event, trace)),
  )
  const added = await retryContention(() => insertOrders(sql, orders, events))
  failpoint('commit-wake')
  if (added.size > 0) wakeProducer()
  const repeated = orders.flatMap(({ order, key }) =>
    key && order.userId && !added.has(order.id) ? [{ userId: order.userId, key: key.key }] : [],
  )
  const earlier = await loadByKeys(sql, repeated)
  return orders.map(({ order, key }) => {
    if (added.has(order.id)) return { order, digest: key?.digest, isNew: true }
    const stored = earlier.get(`${order.userId ?? ''} ${key?.key ?? ''}`)
    if (!stored) throw new Error(`order ${order.id} was neither stored nor found under its key`)
    return stored
  })
}

/** The key of the map is "<user id> <key>". */
async function loadByKeys(
  sql: Sql,
  keys: readonly { readonly userId: string; readonly key: string }[],
): Promise<ReadonlyMap<string, Stored>> {
  if (keys.length === 0) return new Map()
  const where = '(o.user_id, o.idempotency_key) in (select * from unnest($1::uuid[], $2::text[]))'
  const rows = await selectOrders(
    sql,
    where,
    keys.map(({ userId }) => userId),
    keys.map(({ key }) => key),
  )
  return new Map(
    rows.map((row) => {
      const stored = { order: fromRow(row), digest: row.request_digest ?? undefined, isNew: false }
      return [`${row.user_id ?? ''} ${row.idempotency_key ?? ''}`, stored]
    }),
  )
}

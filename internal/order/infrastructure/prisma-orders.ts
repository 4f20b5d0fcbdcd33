import { isDatabaseOutage, retryContention, type Sql } from '../../platform/database.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { coalesce, groupCommit } from '../../platform/group-commit.ts'
import type { WakeProducer } from '../../platform/outbox.ts'
import type { Trace } from '../../platform/call.ts'
import { lowestUuidAt } from '../../platform/uuid.ts'
import type { Order, OrderChange, OrderId, OrderStatus } from '../domain/order.ts'
import type { IdempotencyKey, Orders, Stored, Update } from '../application/orders.ts'
import type { PrismaClient } from './db/client.ts'
import { encodeOrderEvent } from './order-json.ts'
import { fromRow, selectOrders } from './order-rows.ts'
import { pageOrders } from './page-orders.ts'
import { insertOrders, updateOrders } from './write-orders.ts'

type Add = { readonly change: OrderChange; readonly key: IdempotencyKey | undefined; readonly trace: Trace }

/** Writers that meet on one order take turns; more than this many lost turns in a row is a fault. */
const maxUpdateTurns = 20

/** Prisma for what is simple, `sql` for what is hot. */
export function prismaOrders(db: PrismaClient, sql: Sql, wakeProducer: WakeProducer): Orders {
  const add = groupCommit((adds: readonly Add[]) => addAll(sql, adds, wakeProducer), {
    maxBatch: 200,
    inFlight: 2,
    isOutage: isDatabaseOutage,
  })
  const findAll = coalesce((ids: readonly OrderId[]) => load(sql, ids))
  return {
    add: (change, key, trace) => add({ change, key, trace }),
    find: async (id) => (await findAll([id])).get(id),
    findByKey: async (userId, key) => (await loadByKeys(sql, [{ userId, key }])).get(`${userId} ${key}`),
    update: (updates) => updateAll(sql, updates, wakeProducer),
    page: (filter) => pageOrders(sql, filter),
    async pendingSince(before, limit) {
      const where = `o.status = 'pending' and o.id < $1::uuid order by o.id limit $2`
      const rows = await selectOrders(sql, where, lowestUuidAt(before), limit)
      return rows.map(fromRow)
    },
    async unreleasedSince(before, limit) {
      const where = { awaitingRelease: true, updatedAt: { lt: before } }
      const rows = await db.order.findMany({
        where,
        orderBy: { updatedAt: 'asc' },
        take: limit,
        select: { id: true },
      })
      return rows.map(({ id }) => id as OrderId)
    },
    async markReleased(ids) {
      await db.order.updateMany({
        where: { id: { in: [...ids] }, awaitingRelease: true },
        data: { awaitingRelease: false },
      })
    },
    async countByStatus() {
      const rows = await db.order.groupBy({ by: ['status'], _count: true })
      return new Map(rows.map((row) => [row.status as OrderStatus, row._count]))
    },
  }
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
    key && !added.has(order.id) ? [{ userId: order.userId, key: key.key }] : [],
  )
  const earlier = await loadByKeys(sql, repeated)
  return orders.map(({ order, key }) => {
    if (added.has(order.id)) return { order, digest: key?.digest, isNew: true }
    const stored = earlier.get(`${order.userId} ${key?.key ?? ''}`)
    if (!stored) throw new Error(`order ${order.id} was neither stored nor found under its key`)
    return stored
  })
}

/** Read, decide, write where nobody was quicker; whoever lost its turn reads again. */
async function updateAll(
  sql: Sql,
  updates: readonly Update[],
  wakeProducer: WakeProducer,
): Promise<readonly (Order | undefined)[]> {
  const results = new Map<OrderId, Order>()
  let open = updates
  for (let turn = 0; open.length > 0; turn++) {
    if (turn >= maxUpdateTurns) throw new Error(`order ${open[0]?.id ?? ''} is changed by too many at once`)
    const orders = await load(sql, [...new Set(open.map(({ id }) => id))])
    const [now, later] = onePerOrder(open)
    const decided = now.flatMap((update) => {
      const order = orders.get(update.id)
      if (!order) return []
      results.set(update.id, order)
      return [{ update, change: update.decide(order) }]
    })
    const lost = await writeDecided(sql, decided, results, wakeProducer)
    open = [...lost, ...later]
  }
  return updates.map(({ id }) => results.get(id))
}

type Decided = { readonly update: Update; readonly change: OrderChange | undefined }

async function writeDecided(
  sql: Sql,
  decided: readonly Decided[],
  results: Map<OrderId, Order>,
  wakeProducer: WakeProducer,
): Promise<readonly Update[]> {
  const writes = decided.flatMap(({ update, change }) => (change ? [{ update, change }] : []))
  if (writes.length === 0) return []
  const events = writes.flatMap(({ update, change }) =>
    change.events.map((event) => encodeOrderEvent(event, update.trace)),
  )
  const changes = writes.map(({ change }) => change)
  const stored = await retryContention(() => updateOrders(sql, changes, events))
  if (stored.size > 0) wakeProducer()
  for (const { change } of writes) if (stored.has(change.state.id)) results.set(change.state.id, change.state)
  return writes.filter(({ change }) => !stored.has(change.state.id)).map(({ update }) => update)
}

/** One statement changes a row once: a second update of the same order waits for the next turn. */
function onePerOrder(
  updates: readonly Update[],
): readonly [now: readonly Update[], later: readonly Update[]] {
  const seen = new Set<OrderId>()
  const isFirst = updates.map(({ id }) => !seen.has(id) && Boolean(seen.add(id)))
  return [updates.filter((_, index) => isFirst[index]), updates.filter((_, index) => !isFirst[index])]
}

async function load(sql: Sql, ids: readonly OrderId[]): Promise<ReadonlyMap<OrderId, Order>> {
  const rows = await selectOrders(sql, 'o.id = any($1::uuid[])', ids)
  return new Map(rows.map((row) => [row.id as OrderId, fromRow(row)]))
}

/** By "<user id> <key>". */
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
      return [`${row.user_id} ${row.idempotency_key ?? ''}`, stored]
    }),
  )
}

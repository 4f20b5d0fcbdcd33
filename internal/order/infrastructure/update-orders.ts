import type { Once } from '../../platform/call.ts'
import { retryContention, type Sql } from '../../platform/database.ts'
import { claimKey } from '../../platform/idempotency-keys.ts'
import type { WakeProducer } from '../../platform/outbox.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import type { Update } from '../application/orders.ts'
import type { Order, OrderChange, OrderId } from '../domain/order.ts'
import { encodeOrderEvent } from './order-json.ts'
import { loadOrders } from './order-rows.ts'
import type { RememberedOrders } from './remembered-orders.ts'
import { updateOrders } from './write-orders.ts'

/** A writer that loses an order to another one tries again. Losing more often than this in a row is a fault. */
const maxUpdateTurns = 20

/**
 * Reads, decides, and writes if no other writer was quicker. An order that was lost to another writer is read again.
 */
export async function updateAll(
  sql: Sql,
  updates: readonly Update[],
  remembered: RememberedOrders,
  wakeProducer: WakeProducer,
): Promise<readonly (Order | undefined)[]> {
  const results = new Map<OrderId, Order>()
  let open = updates
  for (let turn = 0; open.length > 0; turn++) {
    if (turn >= maxUpdateTurns) throw new Error(`order ${open[0]?.id ?? ''} is changed by too many at once`)
    const [now, later] = onePerOrder(open)
    const known = now.map((update) => decideRemembered(update, remembered))
    const unknown = now.filter((_, index) => !known[index])
    const read = await decideStored(sql, unknown, results)
    const decided = [...known.filter((each) => each !== undefined), ...read]
    const lost = await writeDecided(sql, decided, results, wakeProducer)
    open = [...lost, ...later]
  }
  return updates.map(({ id }) => results.get(id))
}

/** The same for a request with a key, which is stored in the transaction of its effect. */
export async function updateOnce(
  sql: PoolSql,
  updates: readonly Update[],
  once: Once,
  remembered: RememberedOrders,
  wakeProducer: WakeProducer,
): Promise<readonly (Order | undefined)[]> {
  const updated = await sql.transaction(async (tx) => {
    const orders = await updateAll(tx, updates, remembered, () => undefined)
    if (orders[0]) await claimKey(tx, 'orders', once, orders[0].id)
    return orders
  })
  wakeProducer()
  return updated
}

/**
 * Returns undefined when the order has to be read. The remembered state may be old, so it must not be used to refuse
 * an update or to find that there is nothing to do.
 */
function decideRemembered(update: Update, remembered: RememberedOrders): Decided | undefined {
  const order = remembered.take(update.id)
  if (!order) return undefined
  try {
    const change = update.decide(order)
    return change && { update, change }
  } catch {
    return undefined
  }
}

async function decideStored(
  sql: Sql,
  updates: readonly Update[],
  results: Map<OrderId, Order>,
): Promise<readonly Decided[]> {
  if (updates.length === 0) return []
  const orders = await loadOrders(
    sql,
    updates.map(({ id }) => id),
  )
  return updates.flatMap((update) => {
    const order = orders.get(update.id)
    if (!order) return []
    results.set(update.id, order)
    const change = update.decide(order)
    return change ? [{ update, change }] : []
  })
}

type Decided = { readonly update: Update; readonly change: OrderChange }

async function writeDecided(
  sql: Sql,
  writes: readonly Decided[],
  results: Map<OrderId, Order>,
  wakeProducer: WakeProducer,
): Promise<readonly Update[]> {
  if (writes.length === 0) return []
  const events = writes.flatMap(({ update, change }) =>
    change.events.map((event) => encodeOrderEvent(event, update.trace)),
  )
  const changes = writes.map(({ change }) => change)
  const stored = await retryContention(() => updateOrders(sql, changes, events))
  if (stored.size > 0) wakeProducer()
  for (const { change } of writes)
    if (stored.has(change.state.id)) results.set(change.state.id, raised(change.state))
  return writes.filter(({ change }) => !stored.has(change.state.id)).map(({ update }) => update)
}

/** As it is stored. */
const raised = (order: Order): Order => ({ ...order, revision: order.revision + 1 })

/** A statement can change a row only once, so a second update of the same order waits for the next turn. */
function onePerOrder(
  updates: readonly Update[],
): readonly [now: readonly Update[], later: readonly Update[]] {
  const seen = new Set<OrderId>()
  const isFirst = updates.map(({ id }) => !seen.has(id) && Boolean(seen.add(id)))
  return [updates.filter((_, index) => isFirst[index]), updates.filter((_, index) => !isFirst[index])]
}

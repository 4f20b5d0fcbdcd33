import { recordActs } from '../../platform/activity.ts'
import { isDatabaseOutage, retryContention, sqlState } from '../../platform/database.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { coalesce, groupCommit, writeFirsts } from '../../platform/group-commit.ts'
import { claimKey, findKey } from '../../platform/idempotency-keys.ts'
import { tracesOfSent, type WakeProducer } from '../../platform/outbox.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import { placeTaken, type FileUpdate, type OrderFiles } from '../application/order-files.ts'
import type { OrderFile } from '../domain/order-file.ts'
import type { OrderId } from '../domain/order.ts'
import { encodeFileEvent } from './fulfilment-json.ts'
import { actsOf } from './order-acts.ts'
import { loadFiles } from './order-file-rows.ts'
import { resendings } from './resendings.ts'
import { revivals } from './revivals.ts'
import { uncreditedFiles } from './uncredited-files.ts'
import { isRowAlone, writeFile, writeOrderRows, type OrderWrite } from './write-order-file.ts'

/** Writes that come together share a statement, and so do reads. */
const together = { maxBatch: 50, inFlight: 1, isOutage: isDatabaseOutage }

export function postgresOrderFiles(sql: PoolSql, wakeProducer: WakeProducer, now: () => Date): OrderFiles {
  const read = coalesce((ids: readonly OrderId[]) => loadFiles(sql, ids))
  const find = async (id: OrderId): Promise<OrderFile | undefined> => (await read([id])).get(id)
  const write = groupCommit(
    (writes: readonly OrderWrite[]) =>
      writeFirsts(
        writes,
        ({ order }) => order.id,
        (firsts) => writeOrderRows(sql, firsts),
      ),
    together,
  )

  async function findWhere(lookUp: string, id: string): Promise<OrderFile | undefined> {
    const [row] = await sql.$queryRawUnsafe<{ readonly id: OrderId }[]>(lookUp, id)
    return row && find(row.id)
  }

  /**
   * Decides on the file as it is read, without its lock, and stores the change if the order is still the same then.
   * 'locked': another writer was quicker, or more has to be stored in the same transaction.
   */
  async function updateAtOnce({
    id,
    trace,
    once,
    decide,
  }: FileUpdate): Promise<OrderFile | undefined | 'locked'> {
    if (once || trace.by) return 'locked'
    const file = await find(id)
    const change = file && decide(file)
    if (!change) return file
    if (!isRowAlone(file, change.state)) return 'locked'
    const { order } = change.state
    const seen = file.order.revision
    const events = change.events.map((event) => encodeFileEvent(event, trace, now()))
    return (await write({ order, seen, events })) ? raised(change.state, seen) : 'locked'
  }

  return {
    find,
    findByShipment: (id) => findWhere('select order_id as id from orders.shipments where id = $1::uuid', id),
    findByReturn: (id) => findWhere('select order_id as id from orders.returns where id = $1::uuid', id),
    findThing: (once) => findKey(sql, 'orders', once),
    async update(wanted) {
      const updated = await retryContention(async () => {
        const atOnce = await updateAtOnce(wanted)
        return atOnce === 'locked' ? updateLocked(sql, wanted, now()) : atOnce
      }).catch(asRefusal)
      wakeProducer()
      return updated
    },
    ...overdueFiles(sql, find),
    ...uncreditedFiles(sql),
    ...revivals(sql),
    ...resendings(sql),
  }
}

/** As it is stored. */
const raised = (file: OrderFile, seen: number): OrderFile => ({
  ...file,
  order: { ...file.order, revision: seen + 1 },
})

/** The order's row is guarded by unique indexes: of some orders only one may be live. */
function asRefusal(err: unknown): never {
  if (sqlState(err) !== '23505') throw err
  throw placeTaken()
}

type Overdue = Pick<
  OrderFiles,
  'unbookedSince' | 'markBooked' | 'closingSince' | 'heldTooLong' | 'withoutShipments'
>

/** What the sweeper looks for. */
function overdueFiles(sql: PoolSql, find: OrderFiles['find']): Overdue {
  return {
    async unbookedSince(before, limit) {
      const rows = await sql.$queryRawUnsafe<{ readonly id: string; readonly orderId: OrderId }[]>(
        `select id, order_id as "orderId" from orders.returns
         where awaiting_stock and updated_at < $1 order by updated_at limit $2`,
        ...[before, limit],
      )
      const files = await Promise.all(rows.map(({ orderId }) => find(orderId)))
      const waiting = rows.flatMap(({ id }, index) => {
        const found = files[index]?.returns.find((each) => each.id === id)
        return found ? [found] : []
      })
      const sent = await tracesOfSent(
        sql,
        waiting.map(({ id, version, updatedAt }) => {
          return { aggregateId: id, aggregateVersion: version, occurredAt: updatedAt }
        }),
      )
      return waiting.map((each) => {
        const trace = sent.get(each.id) ?? { correlationId: each.orderId, causationId: '', traceparent: '' }
        return { return: each, trace }
      })
    },
    async markBooked(ids) {
      await sql.$executeRawUnsafe(
        'update orders.returns set awaiting_stock = false where id = any($1::uuid[]) and awaiting_stock',
        ids,
      )
    },
    async closingSince(before, limit) {
      const rows = await sql.$queryRawUnsafe<{ readonly id: OrderId }[]>(
        'select id from orders.orders where closing_since < $1 order by closing_since limit $2',
        ...[before, limit],
      )
      return rows.map(({ id }) => id)
    },
    async heldTooLong(at, limit) {
      const rows = await sql.$queryRawUnsafe<{ readonly id: OrderId }[]>(
        `select id from orders.orders
         where hold_until <= $1 and status = 'confirmed' and closing_since is null order by hold_until limit $2`,
        ...[at, limit],
      )
      return rows.map(({ id }) => id)
    },
    async withoutShipments(limit) {
      const rows = await sql.$queryRawUnsafe<{ readonly id: OrderId }[]>(
        `select id from orders.orders
         where status in ('shipped', 'completed') and fulfilment_status = 'none' order by id limit $1`,
        limit,
      )
      return rows.map(({ id }) => id)
    },
  }
}

/** With the request's key, the log's entries, lines, shipments and returns, in one transaction. */
async function updateLocked(
  sql: PoolSql,
  { id, trace, once, thing, thingOf, decide }: FileUpdate,
  at: Date,
): Promise<OrderFile | undefined> {
  return sql.transaction(async (tx) => {
    // A statement of its own: what it has waited for is seen by the next one.
    await tx.$queryRawUnsafe('select id from orders.orders where id = $1::uuid for update', id)
    const file = (await loadFiles(tx, [id])).get(id)
    const change = file && decide(file)
    const made = file && (thing ?? thingOf?.(change?.state ?? file))
    if (made !== undefined) await claimKey(tx, 'orders', once, made)
    if (!file || !change) return file
    await writeFile(
      tx,
      file,
      change.state,
      change.events.map((event) => encodeFileEvent(event, trace, at)),
    )
    if (trace.by) await recordActs(tx, trace, actsOf(file, change))
    failpoint('file-commit')
    return raised(change.state, file.order.revision)
  })
}

import type { Sql } from '../../../platform/database.ts'
import { failpoint } from '../../../platform/failpoint.ts'
import type { Replacement, ReplacementDecision } from '../application/reservations.ts'
import type { Allocate, NewDecision, Shortage } from '../domain/allocate.ts'
import { replaceGoods } from '../domain/reservation.ts'
import { tellLowStock } from './low-stock.ts'
import { lowAfter } from './low-after.ts'
import { lockAll, storeAll, unknownOrder } from './release-reservations.ts'
import { lockStock } from './reserve-again-sql.ts'

type Wanted = {
  readonly wanted: Replacement
  readonly decide: Allocate
  readonly at: Date
  readonly lowUnits: number
}

/** The lock of the order's reservation lets one decision be made at a time. */
export async function replaceInTransaction(tx: Sql, context: Wanted): Promise<ReplacementDecision> {
  const { wanted, decide, at, lowUnits } = context
  const { orderId, shipmentId, lines, trace } = wanted
  const current = (await lockAll(tx, [orderId])).get(orderId)
  if (!current) throw unknownOrder(orderId)
  const earlier = await findDecision(tx, wanted)
  if (earlier) return earlier
  const available = await lockStock(tx, lines.map(({ productId }) => productId).sort())
  const { left, decisions } = decide(available, [wanted])
  const decision = decisionOf(wanted, decisions[0], available)
  await noteDecision(tx, wanted, decision, at)
  if (decision.outcome === 'rejected') return decision
  await storeAll(tx, [replaceGoods(shipmentId, lines, current)], () => trace, at)
  const requests = [{ ...wanted, holdNo: current.holdNo }]
  await tellLowStock(tx, lowAfter({ lowUnits, requests, available, left: [...left] }), at)
  failpoint('insert-commit')
  return decision
}

function decisionOf(
  { lines }: Replacement,
  decision: NewDecision | undefined,
  available: ReadonlyMap<string, number>,
): ReplacementDecision {
  if (decision?.outcome === 'held') return { outcome: 'taken' }
  if (decision?.outcome === 'rejected') return { outcome: 'rejected', shortages: decision.shortages }
  const unknown = lines.filter(({ productId }) => !available.has(productId))
  const shortages = unknown.map(({ productId, quantity }) => ({
    productId,
    requested: quantity,
    available: 0,
  }))
  return { outcome: 'rejected', shortages }
}

async function findDecision(tx: Sql, { shipmentId }: Replacement): Promise<ReplacementDecision | undefined> {
  const [row] = await tx.$queryRawUnsafe<{ readonly shortages: readonly Shortage[] | null }[]>(
    'select shortages from inventory.replacements where shipment_id = $1::uuid',
    shipmentId,
  )
  if (!row) return undefined
  return row.shortages ? { outcome: 'rejected', shortages: row.shortages } : { outcome: 'taken' }
}

async function noteDecision(
  tx: Sql,
  { shipmentId, orderId }: Replacement,
  decision: ReplacementDecision,
  at: Date,
): Promise<void> {
  await tx.$executeRawUnsafe(
    `insert into inventory.replacements (shipment_id, order_id, shortages, at)
     values ($1::uuid, $2::uuid, $3::jsonb, $4::timestamptz)`,
    ...[shipmentId, orderId],
    decision.outcome === 'rejected' ? JSON.stringify(decision.shortages) : null,
    at,
  )
}

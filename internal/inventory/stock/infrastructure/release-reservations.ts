import type { Sql } from '../../../platform/database.ts'
import type { Release } from '../application/reservations.ts'
import type { StockLine } from '../domain/allocate.ts'
import type { OrderId } from '../../domain/ids.ts'
import { release, type Reservation } from '../domain/reservation.ts'
import { encodeReservationEvent } from './stock-events.ts'
import { buryAbsent, lockHeldLines, lockReservations, storeReleases } from './release-sql.ts'

export async function releaseAll(tx: Sql, releases: readonly Release[], at: Date): Promise<void> {
  const traces = new Map(releases.map(({ orderId, trace }) => [orderId, trace]))
  const ids = [...traces.keys()].sort()
  const buried = await buryAbsent(tx, ids, at)
  const present = ids.filter((id) => !buried.has(id))
  const current = present.length > 0 ? await lockAll(tx, present) : new Map<OrderId, Reservation>()
  const events = ids.flatMap((id) => release(id, current.get(id)).events)
  if (events.length === 0) return
  const released = events.map((event) => event.reservation.orderId).filter((id) => current.has(id))
  const lines = released.flatMap((orderId) =>
    (current.get(orderId)?.lines ?? []).map((line) => ({ ...line, orderId })),
  )
  const outbox = events.flatMap((event) => {
    const trace = traces.get(event.reservation.orderId)
    return trace ? [encodeReservationEvent(event, at, trace)] : []
  })
  await storeReleases(tx, { orderIds: released, lines, events: outbox }, at)
}

async function lockAll(tx: Sql, ids: readonly OrderId[]): Promise<ReadonlyMap<OrderId, Reservation>> {
  const rows = await lockReservations(tx, ids)
  const held = rows.filter((row) => row.status === 'held').map((row) => row.orderId)
  const linesOf = new Map(held.map((orderId): [OrderId, StockLine[]] => [orderId, []]))
  for (const { orderId, productId, quantity } of held.length > 0 ? await lockHeldLines(tx, held) : [])
    linesOf.get(orderId)?.push({ productId, quantity })
  return new Map(
    rows.map(({ orderId, status, shortages, version }) => [
      orderId,
      { orderId, status, lines: linesOf.get(orderId) ?? [], shortages: shortages ?? [], version },
    ]),
  )
}

import type { Stored } from '../application/stored.ts'
import { entry } from '../domain/entry.ts'
import type { Databases } from './databases.ts'

/** What one write of the stock has moved for the order. */
type MovementRow = {
  readonly at: Date
  readonly kind: string
  readonly holdNo: number
  readonly units: string
}

const movementsSql = `
  select at, kind, hold_no as "holdNo", sum(abs(quantity))::text as units
  from inventory.stock_movements where order_id = $1::uuid group by at, kind, hold_no order by at`

/** An order has one reservation, whose version counts its events. */
const reservationSql = `
  select version, created_at as "createdAt", updated_at as "updatedAt" from inventory.reservations where order_id = $1::uuid`

type Reservation = { readonly version: number; readonly createdAt: Date; readonly updatedAt: Date }

export const readStock =
  ({ ask }: Databases): Stored['stock'] =>
  async (orderId) => {
    const movements = await ask<MovementRow>('inventory', movementsSql, [orderId])
    const [reservation] = await ask<Reservation>('inventory', reservationSql, [orderId])
    const entries = movements.map(({ at, kind, holdNo, units }) =>
      entry(at, 'inventory', `stock.${kind}`, orderId, { detail: { units, hold: holdNo } }),
    )
    const decidedAt = reservation ? [reservation.createdAt, reservation.updatedAt] : []
    return { part: { entries, waits: [] }, version: reservation?.version ?? 0, decidedAt }
  }

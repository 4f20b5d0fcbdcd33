import type { PoolSql } from '../../platform/pool-sql.ts'
import type { OrderFiles } from '../application/order-files.ts'
import type { ShipmentId } from '../domain/parcel.ts'

/** Parcels that wait to be sent again. */
export function resendings(sql: PoolSql): Pick<OrderFiles, 'resendingSince'> {
  return {
    async resendingSince(before, limit) {
      const rows = await sql.$queryRawUnsafe<{ readonly id: ShipmentId }[]>(
        `select id from orders.shipments where resending is not null and (resending ->> 'since')::timestamptz < $1
         order by resending ->> 'since' limit $2`,
        ...[before, limit],
      )
      return rows.map(({ id }) => id)
    },
  }
}

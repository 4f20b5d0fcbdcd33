import type { Parts } from './parts.ts'

/** The day passes after which the payments compare their books with the provider's. */
export function compareTheDay({ stores, world }: Parts): void {
  for (const row of stores.payments.tables.comparisons.values()) row.nextAt = new Date(world.time.now())
}

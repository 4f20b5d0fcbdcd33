import type { Stores } from './stores.ts'
import type { World } from './world.ts'

/** Counts the outcomes of the run from what is stored. */
export function tally(world: World, { outbox, inventory, pricing, deliveries, webhooks }: Stores): void {
  for (const { subject } of outbox) world.count(subject.replace('.', ' '))
  for (const { status, version } of inventory.tables.reservations.values()) {
    // The release came before the reservation.
    if (status === 'released' && version === 1) world.count('tombstone')
  }
  for (const { status } of pricing.tables.holds.values()) world.count(`redemption ${status}`)
  for (const { status } of deliveries.all()) world.count(`mail ${status}`)
  for (const { status } of webhooks.all()) world.count(`webhook ${status}`)
}

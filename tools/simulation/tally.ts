import type { Stores } from './stores.ts'
import type { World } from './world.ts'

/** What came of it, counted once more from what is stored. */
export function tally(world: World, { outbox, inventory }: Stores): void {
  for (const { subject } of outbox) world.count(subject.replace('.', ' '))
  for (const { status, version } of inventory.tables.reservations.values()) {
    // Released before it was ever held.
    if (status === 'released' && version === 1) world.count('tombstone')
  }
}

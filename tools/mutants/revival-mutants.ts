import type { Mutant } from './mutant.ts'

const inReservation = 'internal/inventory/stock/domain/reservation.ts'
const inventoryDrills = 'internal/inventory/infrastructure/prisma-inventory.int.test.ts'

/** Rules of later holds. */
export const revivalMutants: readonly Mutant[] = [
  {
    name: 'late-release-frees-second-hold',
    rule: 'a release that comes late gives nothing of a later hold of the order back',
    patches: [
      {
        file: inReservation,
        search: 'const isLate = size.holdNo < current.holdNo',
        replace: 'const isLate = size.holdNo < 0',
      },
    ],
    hunt: {
      by: 'drill',
      file: inventoryDrills,
      test: 'a late release of the first hold leaves the second one alone',
    },
  },
  {
    name: 'second-hold-beside-the-first',
    rule: 'a later hold of an order begins when nothing is taken by an earlier one',
    patches: [
      {
        file: inReservation,
        search: "current.status === 'held' || current.lines.length > 0 ? 'busy' : 'open'",
        replace: "current.lines.length < 0 ? 'busy' : 'open'",
      },
    ],
    hunt: {
      by: 'drill',
      file: inventoryDrills,
      test: 'holds an order again after its hold was released, under a number of its own',
    },
  },
]

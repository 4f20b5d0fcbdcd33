import type { Mutant } from './mutant.ts'

const inReservation = 'internal/inventory/stock/domain/reservation.ts'
const inventoryDrills = 'internal/inventory/infrastructure/prisma-inventory.int.test.ts'
const inReviving = 'internal/order/domain/reviving.ts'
const revivalDrills = 'internal/order/application/revive-orders.test.ts'

/** Rules of later holds, and of expired orders that late money revives. */
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
  {
    name: 'late-money-revives-nothing',
    rule: 'late money revives an expired order whose stock is left',
    patches: [
      {
        file: inReviving,
        search: '!covered.includes(paymentStatus)) return undefined',
        replace: 'covered.length > 0) return undefined',
      },
    ],
    hunt: { by: 'drill', file: revivalDrills, test: 'late money revives an order whose stock is left' },
  },
  {
    name: 'revived-without-stock',
    rule: 'an order is revived only when its stock is held again',
    patches: [
      {
        file: 'internal/order/application/revive-orders.ts',
        search: "if (decision.outcome !== 'held') return 'refused'",
        replace: "if (decision.outcome === 'unknown-product') return 'refused'",
      },
    ],
    hunt: {
      by: 'drill',
      file: revivalDrills,
      test: 'where no stock is left, or the money is on its way back',
    },
  },
  {
    name: 'revived-under-the-first-hold',
    rule: 'a revival holds under a number of its own, so that a late release of the first hold leaves it alone',
    patches: [{ file: inReviving, search: 'holdNo: holdNo + 1, reviving', replace: 'holdNo, reviving' }],
    hunt: { by: 'drill', file: revivalDrills, test: 'late money revives an order whose stock is left' },
  },
  {
    name: 'revived-before-the-release',
    rule: 'an order is revived after its first hold was released, not before',
    patches: [
      { file: inReviving, search: '= !awaitingRelease && !awaitingCart', replace: '= !awaitingCart' },
    ],
    hunt: {
      by: 'drill',
      file: revivalDrills,
      test: 'money that was known in whichever way revives by the sweeper',
    },
  },
  {
    name: 'revived-before-its-promotions-are-back',
    rule: 'an order is revived after the promotions of its first hold were released, which go by the number of the hold',
    patches: [
      { file: inReviving, search: '= !awaitingRelease && !awaitingCart', replace: '= !awaitingRelease' },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/order/domain/reviving.test.ts',
      test: 'it waits for the release of the first hold, whose number it raises',
    },
  },
  {
    name: 'late-money-by-its-event-only',
    rule: 'an expired order whose money is there is revived, whether or not an event came at the right moment',
    patches: [
      {
        file: 'internal/order/infrastructure/revivals.ts',
        search: 'and reviving_since is null',
        replace: 'and reviving_since is not null',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/e2e/reviving-drills.campaign.test.ts',
      test: 'money that comes between the closed gate and the end of the order revives it',
    },
  },
  {
    name: 'revived-and-given-up',
    rule: "of who revives an order and who gives it up one wins, and the order's row says who",
    patches: [
      {
        file: 'internal/order/application/revive-orders.ts',
        search: 'if (file?.order.reviving?.isOff) await takeBack(deps, file.order, trace)',
        replace: 'if (file) await takeBack(deps, file.order, trace)',
      },
    ],
    hunt: {
      by: 'drill',
      file: revivalDrills,
      test: 'whoever is slow undoes nothing of what a quicker one has done',
    },
  },
  {
    name: 'expired-and-paid-by-hand',
    rule: 'nobody makes an expired order paid by hand: its stock is gone',
    patches: [
      {
        file: 'internal/order/domain/order.ts',
        search: "  if (order.status === 'expired')\n    throw",
        replace: '  if (order.version < 0)\n    throw',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/order/domain/reviving.test.ts',
      test: 'nobody makes an expired order paid by hand',
    },
  },
]

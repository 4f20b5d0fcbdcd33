import type { Mutant } from './mutant.ts'

const inWriteOrders = 'internal/order/infrastructure/write-orders.ts'
const inReturns = 'internal/inventory/stock/infrastructure/release-reservations.ts'
const inventoryDrills = 'internal/inventory/infrastructure/prisma-inventory.int.test.ts'
const orderDrills = 'internal/order/infrastructure/prisma-orders.int.test.ts'
const raceDrills = 'internal/order/infrastructure/order-races.int.test.ts'

const inClosing = 'internal/order/domain/closing.ts'
const closingDrills = 'internal/order/application/close-orders.test.ts'

/** Rules of parcels, returns and the end of holds. */
export const fulfilmentMutants: readonly Mutant[] = [
  {
    name: 'paid-by-hand-and-again',
    rule: 'nobody pays for an order that is paid, or that an admin of an earlier version has called paid',
    patches: [
      {
        file: 'internal/order/domain/payable.ts',
        search: "order.paymentStatus === 'paid' || order.paymentStatus === 'overpaid'",
        replace: "order.paymentStatus === 'overpaid'",
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/order/domain/payable.test.ts',
      test: 'nobody pays for an order that is paid, also when an admin of an earlier version',
    },
  },
  {
    name: 'packing-unseen',
    rule: 'ship and cancel never both win: packing raises the revision that a cancellation checks',
    patches: [{ file: inWriteOrders, search: ' and o.revision = c.revision\n', replace: '\n' }],
    hunt: {
      by: 'drill',
      file: orderDrills,
      test: 'a cancellation that was decided before the order was packed is decided again',
    },
  },
  {
    name: 'packed-twice',
    rule: 'nobody else changes an order while it is packed',
    patches: [
      {
        file: 'internal/order/infrastructure/postgres-order-files.ts',
        search: "'select id from orders.orders where id = $1::uuid for update'",
        replace: "'select id from orders.orders where id = $1::uuid'",
      },
    ],
    hunt: { by: 'drill', file: raceDrills, test: 'who packs the last unit after somebody else is told so' },
  },
  {
    name: 'packed-units-released',
    rule: 'a cancellation gives back the rest only: what was packed stays taken',
    patches: [
      {
        file: 'internal/order/application/release-canceled-orders.ts',
        search: '(isOver ? packed : quantity - canceled)',
        replace: '(isOver ? packed - packed : quantity - canceled)',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/order/application/fulfilment-app.test.ts',
      test: 'what was packed stays taken when its order is canceled',
    },
  },
  {
    name: 'damaged-goods-sold',
    rule: 'goods that came back damaged are written off',
    patches: [{ file: inReturns, search: '...(damaged > 0 ? [', replace: '...(damaged < 0 ? [' }],
    hunt: { by: 'drill', file: inventoryDrills, test: 'books a return once' },
  },
  {
    name: 'short-units-sold',
    rule: 'units that were not on the shelf are not offered again',
    patches: [{ file: inReturns, search: '...event.short.map(', replace: '...event.short.slice(9).map(' }],
    hunt: { by: 'drill', file: inventoryDrills, test: 'writes off what was not on the shelf' },
  },
  {
    name: 'return-booked-twice',
    rule: 'a return is booked once',
    patches: [{ file: inReturns, search: '    if (booked.has(key)) continue\n', replace: '' }],
    hunt: { by: 'drill', file: inventoryDrills, test: 'books a return once' },
  },
  {
    name: 'replaced-twice',
    rule: 'goods for a parcel are taken once, and no unit is sold twice',
    patches: [
      {
        file: 'internal/inventory/stock/infrastructure/replace-goods.ts',
        search: '  if (earlier) return earlier\n',
        replace: '',
      },
    ],
    hunt: { by: 'drill', file: inventoryDrills, test: 'takes the goods of a parcel once' },
  },
  {
    name: 'refunded-and-sent-again',
    rule: 'goods are refunded or sent again, and never both',
    patches: [
      {
        file: 'internal/order/domain/resend.ts',
        search: '    if (quantity > left) throw refunded(lineId)\n',
        replace: '',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/order/domain/resend.test.ts',
      test: 'what is refunded is not sent again, and what is sent again is not refunded',
    },
  },
  {
    name: 'withdrawal-declined',
    rule: 'a withdrawal in time is neither declined nor refused',
    patches: [
      {
        file: 'internal/order/domain/return.ts',
        search: '  if (current.isWithdrawal) refuseDeclining(to)\n',
        replace: '',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/order/application/fulfilment-app.test.ts',
      test: 'a withdrawal in time is neither declined nor refused',
    },
  },
  {
    name: 'late-payer-expired',
    rule: 'an order whose money came in the last moment is paid and does not expire',
    patches: [{ file: inClosing, search: "outcome === 'covered'", replace: "outcome === 'pending'" }],
    hunt: {
      by: 'drill',
      file: closingDrills,
      test: 'money that came in the last moment makes the order paid',
    },
  },
  {
    name: 'ended-while-paying',
    rule: 'an order does not end while a payment may still succeed',
    patches: [
      {
        file: inClosing,
        search: "if (outcome === 'pending' || order.closing",
        replace: 'if (order.closing',
      },
    ],
    hunt: { by: 'drill', file: closingDrills, test: 'while a payment may still succeed' },
  },
  {
    name: 'packed-while-closing',
    rule: 'nothing of an order that is about to end is packed',
    patches: [{ file: 'internal/order/domain/shipment.ts', search: '  refuseClosing(order)\n', replace: '' }],
    hunt: { by: 'drill', file: closingDrills, test: 'while a payment may still succeed' },
  },
  {
    name: 'unpaid-units-race',
    rule: 'orders of one account that come at once are bounded together',
    patches: [
      {
        file: 'internal/order/infrastructure/unpaid-units.ts',
        search: "count(pg_advisory_xact_lock(hashtextextended('unpaid ' || id, 0)))",
        replace: 'count(id)',
      },
    ],
    hunt: { by: 'drill', file: raceDrills, test: 'two replicas together let an account have no more' },
  },
  {
    name: 'older-money-wins',
    rule: "what is known of an order's money is the newest, in whatever order its events come",
    patches: [
      {
        file: 'internal/order/domain/money.ts',
        search: 'if (money.gateVersion <= order.gateVersion) return undefined',
        replace: 'if (money.gateVersion === order.gateVersion) return undefined',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/order/domain/money.test.ts',
      test: 'whatever order the events come in',
    },
  },
]

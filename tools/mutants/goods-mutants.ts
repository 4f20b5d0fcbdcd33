import type { Hunt, Mutant } from './mutant.ts'

const drills = 'internal/payment/payment-drills.int.test.ts'
const staffDrills = 'internal/payment/staff-drills.int.test.ts'
const creditDrills = 'internal/order/application/credit-goods.test.ts'
const drill = (file: string, test: string): Hunt => ({ by: 'drill', file, test })

/** Rules of money that follows goods, and of money by hand. */
export const goodsMutants: readonly Mutant[] = [
  {
    name: 'short-not-refunded',
    rule: 'units that were not found are told to the payments',
    patches: [
      {
        file: 'internal/order/domain/shipment.ts',
        search: 'awaitingMoney: isShortened,',
        replace: 'awaitingMoney: false,',
      },
    ],
    hunt: drill(creditDrills, 'units that were not found are told once'),
  },
  {
    name: 'return-not-refunded',
    rule: 'a return that is refunded is told to the payments',
    patches: [
      {
        file: 'internal/order/domain/return.ts',
        search: "money: to === 'refunded' ? 'due' : current.money,",
        replace: 'money: current.money,',
      },
    ],
    hunt: drill(creditDrills, 'a return that is refunded is told'),
  },
  {
    name: 'credited-before-told',
    rule: 'what the payments have to be told is marked as told afterwards',
    patches: [
      {
        file: 'internal/order/application/credit-goods.ts',
        search: '      await payments.creditGoods({',
        replace: '      await files.markCredited(waiting)\n      await payments.creditGoods({',
      },
    ],
    hunt: drill(creditDrills, 'a process that dies before the payments were told'),
  },
  {
    name: 'return-refunded-twice',
    rule: 'goods that are told of twice are refunded once',
    patches: [
      {
        file: 'internal/payment/domain/goods.ts',
        search: 'Math.max(known.returned, told.returned)',
        replace: 'known.returned + told.returned',
      },
    ],
    hunt: drill(staffDrills, 'goods that are told of by sixteen at once are refunded once'),
  },
  {
    name: 'short-units-charged',
    rule: 'nobody pays for units that were not found',
    patches: [
      {
        file: 'internal/payment/domain/account.ts',
        search: '.reduce((sum, { creditMinor }) => sum + creditMinor, goodsMinor(gate))',
        replace: '.reduce((sum, { creditMinor }) => sum + creditMinor, goodsMinor(gate) * 0n)',
      },
    ],
    hunt: drill(staffDrills, 'goods of an order of which nothing is known yet are not charged later'),
  },
  {
    name: 'bank-reference-used-twice',
    rule: 'a bank reference is good for one order, ever',
    patches: [
      {
        file: 'prisma/payment/migrations/20261128150000_init/migration.sql',
        search: 'CREATE UNIQUE INDEX "entries_offline_reference"',
        replace: 'CREATE INDEX "entries_offline_reference"',
      },
    ],
    hunt: drill(drills, 'a bank reference is good for one order'),
  },
  {
    name: 'offline-money-recorded-twice',
    rule: 'the same bank reference of the same order is the same money',
    patches: [
      {
        file: 'internal/payment/domain/record-offline.ts',
        search: 'if (earlier) return',
        replace: 'if (earlier && account.refunds.length > 0) return',
      },
    ],
    hunt: drill(drills, 'a bank reference is good for one order'),
  },
  {
    name: 'refund-repeated-unread',
    rule: 'the provider is read before a failed refund is asked for again',
    patches: [
      {
        file: 'internal/payment/application/staff-refunds.ts',
        search: '        await readProvider(deps, refundIn(await accounts.find(orderId), id))\n',
        replace: '',
      },
    ],
    hunt: drill(staffDrills, 'what the provider has done after all is not done again'),
  },
]

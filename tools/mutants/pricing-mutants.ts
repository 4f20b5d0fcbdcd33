import type { Mutant } from './mutant.ts'

const inRedemptions = 'internal/pricing/infrastructure/redemption-sql.ts'
const inStore = 'internal/pricing/infrastructure/postgres-redemptions.ts'
const drill = (test: string) =>
  ({ by: 'drill', file: 'internal/pricing/redemptions.int.test.ts', test }) as const
const quoteDrill = (test: string) =>
  ({ by: 'drill', file: 'internal/pricing/domain/quote.test.ts', test }) as const

/** Rules of prices and of redemptions. */
export const pricingMutants: readonly Mutant[] = [
  {
    name: 'redemption-not-returned',
    rule: 'a release makes room for another redemption',
    patches: [
      { file: inRedemptions, search: 'redeemed = redeemed - returned.count', replace: 'redeemed = redeemed' },
    ],
    hunt: drill('a repeated reservation and release take and give back once'),
  },
  {
    name: 'limit-checked-without-lock',
    rule: 'the promotions of a batch are locked until it has committed',
    patches: [
      {
        file: inRedemptions,
        search: 'from pricing.promotions where id = any ($1::uuid[]) order by id for update',
        replace: 'from pricing.promotions where id = any ($1::uuid[])',
      },
    ],
    hunt: drill('of many orders of one customer at once, no more than his limit get it'),
  },
  {
    name: 'redemption-without-tombstone',
    rule: 'after a release that came first, a reservation holds nothing',
    patches: [
      {
        file: inStore,
        search: "const buried = byHold(await claimHolds(tx, once(holds), 'released', at))",
        replace: 'const buried = byHold<HoldReference>([])',
      },
    ],
    hunt: drill('after a release that came first, nothing is held'),
  },
  {
    name: 'confirmed-redemption-returned',
    rule: 'what was confirmed stays used',
    patches: [
      {
        file: 'internal/pricing/domain/redemption.ts',
        search: "return status === 'held' ? 'released' : undefined",
        replace: "return status === 'held' || status === 'confirmed' ? 'released' : undefined",
      },
    ],
    hunt: drill('what was confirmed stays used'),
  },
  {
    name: 'tax-rounded-by-line',
    rule: 'tax is rounded once for each rate',
    patches: [
      {
        file: 'internal/pricing/domain/tax.ts',
        search: 'const taxMinor = taxOf(baseMinor, BigInt(ratePpm), pricesIncludeTax)',
        replace:
          'const taxMinor = sumOf(amounts.map((amount) => taxOf(amount, BigInt(ratePpm), pricesIncludeTax)))',
      },
    ],
    hunt: quoteDrill('tax is rounded once for each rate, not for each line'),
  },
  {
    name: 'discount-above-price',
    rule: 'a discount never exceeds what it is for',
    patches: [
      {
        file: 'internal/pricing/domain/apply-promotion.ts',
        search: 'return benefit.minor < baseMinor ? benefit.minor : baseMinor',
        replace: 'return benefit.minor',
      },
    ],
    hunt: quoteDrill('a discount never exceeds what it is for'),
  },
  {
    name: 'cents-by-place',
    rule: 'the order of the lines matters for no amount',
    patches: [
      {
        file: 'internal/pricing/domain/quote.ts',
        search: 'lines: [...request.lines].sort(byId)',
        replace: 'lines: [...request.lines]',
      },
    ],
    hunt: quoteDrill('the cent that is left over goes to the same line'),
  },
]

import t from 'tap'
import { taxRate } from '../testing/fixtures.ts'
import { taxByRate, taxRateFor } from './tax.ts'

const rates = [
  taxRate({ ratePpm: 1 }),
  taxRate({ category: 'Books', ratePpm: 2 }),
  taxRate({ category: 'comics', ratePpm: 3 }),
  taxRate({ region: 'BY', ratePpm: 4 }),
  taxRate({ region: 'by ', category: 'books', ratePpm: 5 }),
  taxRate({ country: 'FR', category: 'food', ratePpm: 6 }),
]

const cases: readonly (readonly [string, string, readonly string[], number | undefined])[] = [
  ['DE', '', ['kitchen'], 1],
  ['DE', '', [], 1],
  ['DE', '', ['books'], 2],
  ['DE', '', ['books', 'comics'], 3],
  ['DE', '', ['books', 'novels'], 2],
  ['DE', 'By', ['kitchen'], 4],
  ['DE', 'BY', ['books', 'comics'], 5],
  ['DE', 'BY', ['comics'], 4],
  ['DE', 'NW', ['books'], 2],
  ['FR', '', ['kitchen'], undefined],
  ['FR', '', ['food'], 6],
  ['US', '', ['books'], undefined],
]
for (const [country, region, categories, rate] of cases) {
  t.test(`${country}-${region} ${categories.join('/')} is taxed by ${rate ?? 'nothing'}`, async (t) => {
    t.equal(taxRateFor(rates, { country, region }, categories), rate)
    t.equal(taxRateFor(rates.toReversed(), { country, region }, categories), rate)
  })
}

t.test('a rate of zero is a rate, and what has none is not taxed', async (t) => {
  const taxables = [
    { key: 'a', amountMinor: 100n, ratePpm: 0 },
    { key: 'b', amountMinor: 100n, ratePpm: undefined },
    { key: 'c', amountMinor: 100n, ratePpm: 70_000 },
  ]
  t.strictSame(taxByRate(taxables, false), [
    { ratePpm: 70_000, baseMinor: 100n, netMinor: 100n, taxMinor: 7n, shares: new Map([['c', 7n]]) },
    { ratePpm: 0, baseMinor: 100n, netMinor: 100n, taxMinor: 0n, shares: new Map([['a', 0n]]) },
  ])
})

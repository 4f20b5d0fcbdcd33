import fc from 'fast-check'
import t from 'tap'
import { currencyDecimals, toDecimal, toMinor } from '../../platform/money.ts'
import { line, noon, promotion, request, rules, shippingMethod, taxRate } from '../testing/fixtures.ts'
import { quote, type Quote } from './quote.ts'
import { sumOf, type QuoteRequest } from './quote-request.ts'
import type { Benefit, Rules } from './rules.ts'

/** Currencies with 0, 2 and 3 decimals, and one whose smallest unit is large. */
const currencies = fc.constantFrom('JPY', 'EUR', 'KWD', 'ISK')
const categories = fc.constantFrom('kitchen', 'home', 'books')
const minor = (max: bigint) => fc.bigInt(0n, max)
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined })

const lines = fc
  .array(
    fc.record({
      // Small amounts make equal remainders.
      unitPriceMinor: fc.oneof(minor(5n), minor(500_000n)),
      quantity: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 50 })),
      weightGrams: fc.integer({ min: 0, max: 5_000 }),
      categories: categories.map((category) => [category]),
    }),
    { maxLength: 12 },
  )
  .map((wanted) =>
    wanted.map((each, index) => line({ ...each, lineId: `line ${index}`, productId: `p${index}` })),
  )

const benefit: fc.Arbitrary<Benefit> = fc.oneof(
  fc.integer({ min: 1, max: 1_000_000 }).map((ppm) => ({ kind: 'percent', ppm }) as const),
  minor(1_000_000n).map((amount) => ({ kind: 'amount', minor: amount }) as const),
  fc.constant({ kind: 'free-shipping' } as const),
)

const ruleSets = (currency: string): fc.Arbitrary<Rules> =>
  fc
    .record({
      pricesIncludeTax: fc.boolean(),
      rates: fc.array(
        fc.record({ ratePpm: fc.integer({ min: 0, max: 300_000 }), category: maybe(categories) }),
      ),
      promotions: fc.array(
        fc.record({
          benefit,
          categories: fc.array(categories, { maxLength: 2 }),
          code: maybe(fc.constant('SAVE')),
        }),
        { maxLength: 4 },
      ),
      shipping: fc.record({
        priceMinor: minor(5_000n),
        perKilogramMinor: maybe(minor(700n)),
        freeFromMinor: maybe(minor(900_000n)),
      }),
      shippingRate: maybe(fc.integer({ min: 0, max: 300_000 })),
    })
    .map(({ pricesIncludeTax, rates, promotions, shipping, shippingRate }) => ({
      pricesIncludeTax,
      // One for each category, as the database has it.
      taxRates: [
        ...new Map(
          [...rates, { category: 'shipping', ratePpm: shippingRate ?? 0 }].map((rate) => [
            rate.category,
            taxRate(rate),
          ]),
        ).values(),
      ],
      promotions: promotions.map((each, index) =>
        promotion({ ...each, currency, code: each.code && `SAVE${index}` }),
      ),
      shippingMethods: [shippingMethod({ ...shipping, currency })],
    }))

type Case = { readonly asked: QuoteRequest; readonly by: Rules }

const cases: fc.Arbitrary<Case> = currencies.chain((currency) =>
  fc.record({ lines, by: ruleSets(currency), isShipped: fc.boolean() }).map(({ lines, by, isShipped }) => ({
    by: rules(by),
    asked: request(lines, {
      currency,
      shippingMethodId: isShipped ? by.shippingMethods[0]?.id : undefined,
      codes: ['save0', 'SAVE1', 'SAVE2'],
    }),
  })),
)

const always = (holds: (quoted: Quote, given: Case) => boolean): void =>
  fc.assert(
    fc.property(cases, (given) => holds(quote(given.asked, given.by, undefined, noon), given)),
    { numRuns: 500 },
  )

const parts = ({ lines, shipping }: Quote) => [...lines, shipping]

t.test('lines, discounts and taxes add up to the totals, and those to the total', async () => {
  always((quoted) => {
    const { itemsMinor, discountMinor, shippingMinor, taxMinor, totalMinor } = quoted.totals
    const added = quoted.pricesIncludeTax ? 0n : taxMinor
    return (
      itemsMinor === sumOf(quoted.lines.map(({ amountMinor }) => amountMinor)) &&
      shippingMinor === quoted.shipping.amountMinor &&
      discountMinor === sumOf(parts(quoted).map((part) => part.discountMinor)) &&
      discountMinor === sumOf(quoted.discounts.map(({ amountMinor }) => amountMinor)) &&
      taxMinor === sumOf(parts(quoted).map((part) => part.taxMinor)) &&
      taxMinor === sumOf(quoted.taxes.map((tax) => tax.taxMinor)) &&
      totalMinor === itemsMinor - discountMinor + shippingMinor + added
    )
  })
})

t.test('a discount never exceeds what it is for, and nothing is negative', async () => {
  always(
    (quoted) =>
      parts(quoted).every(
        ({ amountMinor, discountMinor, taxMinor }) =>
          discountMinor >= 0n &&
          discountMinor <= amountMinor &&
          taxMinor >= 0n &&
          taxMinor <= amountMinor - discountMinor,
      ) &&
      quoted.discounts.every(
        ({ amountMinor, baseMinor, shares }) =>
          amountMinor <= baseMinor && sumOf(shares.values()) === amountMinor,
      ) &&
      quoted.totals.totalMinor >= 0n,
  )
})

t.test(
  'the tax of each rate is within half a unit of what the rate says, and net and tax are its base',
  async () => {
    always((quoted) =>
      quoted.taxes.every(({ ratePpm, baseMinor, netMinor, taxMinor }) => {
        const whole = quoted.pricesIncludeTax ? 1_000_000n + BigInt(ratePpm) : 1_000_000n
        const error = 2n * (taxMinor * whole - baseMinor * BigInt(ratePpm))
        return (
          error <= whole &&
          error >= -whole &&
          netMinor + (quoted.pricesIncludeTax ? taxMinor : 0n) === baseMinor
        )
      }),
    )
  },
)

t.test('the order of lines and of rules does not matter', async () => {
  const shuffled = cases.chain((given) =>
    fc.record({
      given: fc.constant(given),
      lines: fc.shuffledSubarray([...given.asked.lines], { minLength: given.asked.lines.length }),
      promotions: fc.shuffledSubarray([...given.by.promotions], { minLength: given.by.promotions.length }),
    }),
  )
  fc.assert(
    fc.property(shuffled, ({ given: { asked, by }, lines, promotions }) => {
      const one = quote(asked, by, undefined, noon)
      const other = quote({ ...asked, lines }, { ...by, promotions }, undefined, noon)
      return same(insides(one), insides(other))
    }),
  )
})

t.test('every amount can be written as a decimal of its currency and read again', async () => {
  always(({ totals }, { asked: { currency } }) =>
    Object.values(totals).every((amount) => {
      const decimal = toDecimal(amount, currency)
      const isWhole = currencyDecimals(currency) > 0 || Number.isInteger(decimal)
      return isWhole && toMinor(decimal, currency) === amount
    }),
  )
})

/** All but the order of the lines. */
const insides = ({ totals, taxes, discounts, lines }: Quote): readonly unknown[] => [
  ...[
    totals,
    taxes,
    discounts.map(({ promotion, amountMinor, shares }) => [promotion.id, amountMinor, shares]),
  ],
  lines.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
]

const same = (a: unknown, b: unknown): boolean => textOf(a) === textOf(b)
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'bigint'
      ? String(each)
      : each instanceof Map
        ? [...(each as Map<string, bigint>)].sort()
        : each,
  )

import fc from 'fast-check'
import t from 'tap'
import { currencyDecimals, toDecimal, toMinor } from './money.ts'

const largest = 999_999_999_999_999n
const currencies = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'CLF')

t.test('an amount that was written out is read back the same', async () => {
  fc.assert(
    fc.property(fc.bigInt(-largest, largest), currencies, (minor, currency) => {
      return toMinor(toDecimal(minor, currency), currency) === minor
    }),
    { numRuns: 2_000 },
  )
})

t.test('whatever is accepted is exact: nothing is rounded away', async () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), currencies, (amount, currency) => {
      let minor: bigint
      try {
        minor = toMinor(amount, currency)
      } catch {
        return true
      }
      return toDecimal(minor, currency) === amount
    }),
    {
      numRuns: 5_000,
      examples: [
        [6_216_339_694_405.7705, 'USD'],
        [-0, 'USD'],
      ],
    },
  )
})

t.test('currencies have their own number of decimals', async (t) => {
  t.equal(toMinor(999.99, 'USD'), 99_999n)
  t.equal(toMinor(1500, 'JPY'), 1_500n)
  t.equal(toMinor(1.234, 'KWD'), 1_234n)
  t.equal(toMinor(0.07, 'USD'), 7n)
  t.equal(toMinor(1.2345, 'CLF'), 12_345n)
  t.equal(toMinor(1.2345, 'UYW'), 12_345n)
  t.equal(toDecimal(1_234n, 'KWD'), 1.234)
  t.equal(currencyDecimals('CHF'), 2)
})

const refused: readonly (readonly [number, string])[] = [
  [NaN, 'USD'],
  [Infinity, 'USD'],
  [-Infinity, 'USD'],
  [1e309, 'USD'],
  [1e21, 'USD'],
  [1e-7, 'USD'],
  [0.001, 'USD'],
  [1.005, 'USD'],
  [0.1 + 0.2, 'USD'],
  [0.5, 'JPY'],
  [1.2345, 'KWD'],
  [2 ** 53, 'USD'],
  [1e15, 'JPY'],
]
for (const [amount, currency] of refused) {
  t.test(`${amount} ${currency} is refused`, async (t) => {
    t.throws(() => toMinor(amount, currency), { kind: 'invalid', code: 'money.invalid' })
  })
}

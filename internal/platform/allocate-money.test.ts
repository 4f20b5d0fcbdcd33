import fc from 'fast-check'
import t from 'tap'
import { allocateByLargestRemainder, amountBetween, divideRounded } from './allocate-money.ts'

const sum = (parts: readonly bigint[]): bigint => parts.reduce((total, part) => total + part, 0n)
const amounts = fc.bigInt(0n, 10n ** 15n)
const weights = fc.array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 30 })

t.test('half a unit is rounded up, less is not', async (t) => {
  const tenths = (numerator: bigint) => divideRounded(numerator, 10n)
  t.strictSame([0n, 4n, 5n, 14n, 15n].map(tenths), [0n, 0n, 1n, 1n, 2n])
  t.equal(divideRounded(1n, 3n), 0n)
  t.equal(divideRounded(2n, 3n), 1n)
})

t.test('the largest remainders get what is left, and of equal ones the first', async (t) => {
  t.strictSame(allocateByLargestRemainder(100n, [1n, 1n, 1n]), [34n, 33n, 33n])
  t.strictSame(allocateByLargestRemainder(10n, [1n, 0n, 5n, 6n]), [1n, 0n, 4n, 5n])
  t.strictSame(allocateByLargestRemainder(0n, [0n, 0n]), [0n, 0n])
  t.strictSame(allocateByLargestRemainder(0n, []), [])
  t.throws(() => allocateByLargestRemainder(1n, [0n]), RangeError)
})

t.test('shares add up, and each is its exact value rounded up or down', async () => {
  fc.assert(
    fc.property(amounts, weights, (amount, weights) => {
      const whole = sum(weights)
      fc.pre(whole > 0n)
      const shares = allocateByLargestRemainder(amount, weights)
      if (sum(shares) !== amount) return false
      return weights.every((weight, index) => {
        const floor = (amount * weight) / whole
        return shares[index] === floor || (shares[index] === floor + 1n && (amount * weight) % whole > 0n)
      })
    }),
  )
})

t.test('single units, in whatever steps, add up to the whole, and none is negative', async () => {
  const cuts = fc.uniqueArray(fc.bigInt(1n, 999n), { maxLength: 20 })
  fc.assert(
    fc.property(amounts, cuts, (amount, cuts) => {
      const places = [0n, ...cuts.sort((a, b) => Number(a - b)), 1_000n]
      const parts = places
        .slice(1)
        .map((after, index) => amountBetween(amount, 1_000n, places[index] ?? 0n, after))
      return sum(parts) === amount && parts.every((part) => part >= 0n)
    }),
  )
})

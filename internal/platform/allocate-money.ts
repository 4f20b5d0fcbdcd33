// How amounts are rounded and shared out. Quotes and refunds both take it from here, so that what was charged in parts
// can be given back in parts. All amounts and weights are minor units or counts, and none is negative.

/** numerator / denominator, rounded half up: the one place where money is rounded. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator)
}

/**
 * Shares an amount out by weights, by the method of the largest remainder: the shares are whole, add up to the amount,
 * and each is its exact value rounded up or down. Of equal remainders the earlier one wins. Without any weight, nobody
 * can be given a part, so the amount must be zero.
 */
export function allocateByLargestRemainder(amount: bigint, weights: readonly bigint[]): readonly bigint[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n)
  if (whole === 0n) {
    if (amount !== 0n) throw new RangeError('an amount cannot be shared out among nobody')
    return weights.map(() => 0n)
  }
  const shares = weights.map((weight) => (amount * weight) / whole)
  const left = amount - shares.reduce((sum, share) => sum + share, 0n)
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % whole }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1))
  const rounded = new Set(byRemainder.slice(0, Number(left)).map(({ index }) => index))
  return shares.map((share, index) => (rounded.has(index) ? share + 1n : share))
}

/**
 * The amount for the units from `before` to `after` of so many: the difference of two rounded parts, so that single
 * units, in whatever steps, add up to the whole amount.
 */
export function amountBetween(amount: bigint, units: bigint, before: bigint, after: bigint): bigint {
  return divideRounded(amount * after, units) - divideRounded(amount * before, units)
}

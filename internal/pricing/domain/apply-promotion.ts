import { allocateByLargestRemainder, divideRounded } from '../../platform/allocate-money.ts'
import { matchingLines } from './choose-promotions.ts'
import { sumOf, type QuoteLine } from './quote-request.ts'
import { wholePpm, type Promotion } from './rules.ts'

/** Stands for shipping where lines have their ids. */
export const shippingKey = ''

/** What is left to pay for each line, and for shipping under `shippingKey`, less the discounts so far. */
export type Remaining = ReadonlyMap<string, bigint>

export type Discount = {
  readonly promotion: Promotion
  /** What it was applied to. */
  readonly baseMinor: bigint
  readonly amountMinor: bigint
  /** By line id or `shippingKey`. */
  readonly shares: ReadonlyMap<string, bigint>
}

/** A discount is taken off what earlier ones have left, and never exceeds it. It is rounded once, then shared out. */
export function applyPromotion(
  promotion: Promotion,
  lines: readonly QuoteLine[],
  remaining: Remaining,
): Discount {
  const keys =
    promotion.benefit.kind === 'free-shipping'
      ? [shippingKey]
      : matchingLines(promotion, lines).map(({ lineId }) => lineId)
  const amounts = keys.map((key) => remaining.get(key) ?? 0n)
  const baseMinor = sumOf(amounts)
  const amountMinor = amountOf(promotion, baseMinor)
  const parts = allocateByLargestRemainder(amountMinor, amounts)
  return {
    promotion,
    baseMinor,
    amountMinor,
    shares: new Map(keys.map((key, index) => [key, parts[index] ?? 0n])),
  }
}

function amountOf({ benefit }: Promotion, baseMinor: bigint): bigint {
  switch (benefit.kind) {
    case 'percent':
      return divideRounded(baseMinor * BigInt(benefit.ppm), wholePpm)
    case 'amount':
      return benefit.minor < baseMinor ? benefit.minor : baseMinor
    case 'free-shipping':
      return baseMinor
  }
}

export function without(remaining: Remaining, { shares }: Discount): Remaining {
  return new Map([...remaining].map(([key, amount]) => [key, amount - (shares.get(key) ?? 0n)]))
}

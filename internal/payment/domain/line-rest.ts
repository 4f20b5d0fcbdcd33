import { allocateByLargestRemainder } from '../../platform/allocate-money.ts'
import type { Account, LineMoney, Refund, RefundLine } from './account.ts'
import { isForGoods, upTo } from './goods-units.ts'

type Priced = Pick<LineMoney, 'lineId' | 'quantity' | 'totalMinor' | 'shortMinor' | 'returnedMinor'>

/** What refunds that staff or a dashboard have made say of a line. A free amount names a line without units. */
function partsOf(refunds: readonly Refund[], lineId: string): readonly RefundLine[] {
  return refunds
    .filter((refund) => refund.status !== 'canceled' && !isForGoods(refund))
    .flatMap(({ lines }) => lines)
    .filter((line) => line.lineId === lineId)
}

/** Earlier versions did not write down what the units came to. */
const nominal = (line: Priced, { quantity, amountMinor }: RefundLine): bigint =>
  amountMinor ?? upTo(line, quantity)

/** What of a line has not been given back, and not been shared out of a free amount. */
export function restOf(line: Priced, refunds: readonly Refund[]): bigint {
  const given = partsOf(refunds, line.lineId).reduce((sum, part) => sum + nominal(line, part), 0n)
  const rest = line.totalMinor - line.shortMinor - line.returnedMinor - given
  return rest > 0n ? rest : 0n
}

/**
 * What the units after the first `before` ones come to. Where a free amount has lowered the price of a line, its units
 * share what is left; the last one has the rest, so that single units and free amounts add up to the whole.
 */
export function worthOf(line: Priced, refunds: readonly Refund[], before: number, units: number): bigint {
  const left = line.quantity - before
  const counted = Math.min(units, left)
  if (counted <= 0) return 0n
  const isLowered = partsOf(refunds, line.lineId).some(({ quantity }) => quantity === 0)
  if (!isLowered) return upTo(line, before + counted) - upTo(line, before)
  return (restOf(line, refunds) * BigInt(counted)) / BigInt(left)
}

/** Shares a free amount out over what is left of each line, sending included; what exceeds that belongs to none. */
export function shareFreely({ gate, refunds }: Account, amountMinor: bigint): readonly RefundLine[] {
  const rests = gate.lines.map((line) => restOf(line, refunds))
  const whole = rests.reduce((sum, rest) => sum + rest, 0n)
  const shares = allocateByLargestRemainder(amountMinor < whole ? amountMinor : whole, rests)
  return gate.lines.flatMap(({ lineId }, index) => {
    const share = shares[index] ?? 0n
    return share > 0n ? [{ lineId, quantity: 0, amountMinor: share }] : []
  })
}

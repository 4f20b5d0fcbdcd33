import type { LineMoney, Refund } from './account.ts'

// Which units of lines were given back. What they come to: line-rest.ts.

/** Units of a line that are not owed any more, without those that refunds by lines have given back. */
export const notOwed = ({ short, returned }: LineMoney): number => short + returned

/** Units of a line in refunds that staff have ordered by lines. */
export const unitsByHand = (refunds: readonly Refund[], lineId: string): number =>
  refunds
    .filter((refund) => refund.status !== 'canceled' && !isForGoods(refund))
    .flatMap(({ lines }) => lines)
    .filter((line) => line.lineId === lineId)
    .reduce((sum, { quantity }) => sum + quantity, 0)

const goodsCause = 'goods:'
/** The cause names the number of units, so the database has each of these refunds once. */
export const causeOfGoods = (units: number): string => `${goodsCause}${units}`

/** It follows from units that the gate has counted, so it credits nothing itself. */
export const isForGoods = ({ cause }: Pick<Refund, 'cause'>): boolean => cause.startsWith(goodsCause)

/** What the first so many units of a line come to. */
export const upTo = (
  { totalMinor, quantity }: Pick<LineMoney, 'totalMinor' | 'quantity'>,
  units: number,
): bigint => (totalMinor * BigInt(units)) / BigInt(quantity)

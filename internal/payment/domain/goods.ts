import type { Account, LineMoney, Refund } from './account.ts'
import { withGate } from './gate.ts'

/** What the order tells of a line. The counts are all told so far. */
export type ToldLine = Pick<LineMoney, 'lineId' | 'quantity' | 'totalMinor' | 'short' | 'returned'>

/**
 * Keeps what the order says that it comes to, and which of its units are not owed. Units are counted and the counts only
 * rise, so what is told twice, late or out of order changes nothing. Each further unit is worth what all units up to it
 * come to, less those before it; so single units add up to the whole line, whoever gives them back.
 */
export function withDue(account: Account, dueMinor: bigint, told: readonly ToldLine[], at: Date): Account {
  const { gate } = account
  const lines = told.length === 0 ? gate.lines : told.map((line) => merged(account, line))
  const isSame =
    gate.dueMinor === dueMinor &&
    lines.length === gate.lines.length &&
    lines.every((line, index) => isSameLine(line, gate.lines[index]))
  return isSame ? account : withGate(account, { dueMinor, lines }, at)
}

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

function merged({ gate, refunds }: Account, told: ToldLine): LineMoney {
  const { lineId, quantity, totalMinor } = told
  const known = gate.lines.find((line) => line.lineId === lineId) ?? unknown
  const [short, returned] = [Math.max(known.short, told.short), Math.max(known.returned, told.returned)]
  const before = known.short + known.returned + unitsByHand(refunds, lineId)
  const worth = (from: number, units: number): bigint =>
    upTo(told, Math.min(quantity, from + units)) - upTo(told, Math.min(quantity, from))
  const nowShort = short - known.short
  return {
    ...{ lineId, quantity, totalMinor, short, returned },
    shortMinor: known.shortMinor + worth(before, nowShort),
    returnedMinor: known.returnedMinor + worth(before + nowShort, returned - known.returned),
  }
}

const unknown = { short: 0, returned: 0, shortMinor: 0n, returnedMinor: 0n }

const isSameLine = (a: LineMoney, b: LineMoney | undefined): boolean =>
  a.lineId === b?.lineId &&
  a.quantity === b.quantity &&
  a.totalMinor === b.totalMinor &&
  a.short === b.short &&
  a.returned === b.returned

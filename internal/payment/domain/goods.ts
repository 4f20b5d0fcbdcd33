import type { Account, LineMoney } from './account.ts'
import { withGate } from './gate.ts'
import { unitsByHand } from './goods-units.ts'
import { worthOf } from './line-rest.ts'

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

function merged({ gate, refunds }: Account, told: ToldLine): LineMoney {
  const { lineId, quantity, totalMinor } = told
  const known = gate.lines.find((line) => line.lineId === lineId) ?? unknown
  const [short, returned] = [Math.max(known.short, told.short), Math.max(known.returned, told.returned)]
  const before = known.short + known.returned + unitsByHand(refunds, lineId)
  const line = { ...known, lineId, quantity, totalMinor }
  const nowShort = short - known.short
  const shortMinor = known.shortMinor + worthOf(line, refunds, before, nowShort)
  const without = { ...line, shortMinor }
  const back = worthOf(without, refunds, before + nowShort, returned - known.returned)
  return {
    ...{ lineId, quantity, totalMinor, short, returned },
    ...{ shortMinor, returnedMinor: known.returnedMinor + back },
  }
}

const unknown = { short: 0, returned: 0, shortMinor: 0n, returnedMinor: 0n }

const isSameLine = (a: LineMoney, b: LineMoney | undefined): boolean =>
  a.lineId === b?.lineId &&
  a.quantity === b.quantity &&
  a.totalMinor === b.totalMinor &&
  a.short === b.short &&
  a.returned === b.returned

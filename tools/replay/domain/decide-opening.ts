import type { Standing } from './earlier.ts'
import { readOpenings, withOpening, withoutOpenings, type Opening, type OpeningStock } from './opening.ts'

/** What an earlier run of the same file has done. */
export type EarlierRun = {
  /** It has booked the opening that it has noted. */
  readonly isBooked: boolean
  /** It came to its end. */
  readonly isFinished: boolean
}

/** What the description will say, and the units that must be booked as the opening. */
export type OpeningDecision = { readonly description: string; readonly units: number } | 'overtaken'

/** The line of this file is there and is the last one, so that nothing need be known of earlier runs. */
export const isSettled = (description: string, file: string): boolean =>
  readOpenings(description).at(-1)?.file === file

/**
 * A product that this file has not opened yet is opened for the invoices that do not exist yet. So it is when the
 * earlier run was killed before it had booked what it had noted. When other files came after this one, what this one
 * does from now on is counted from now on: a line without units.
 */
export function decideOpening(
  { description, stock }: { readonly description: string; readonly stock: number },
  file: string,
  standing: Standing,
  earlier: EarlierRun,
  wanted: OpeningStock,
): OpeningDecision {
  const openings = readOpenings(description)
  const own = openings.filter((opening) => opening.file === file)
  const last = own.at(-1)
  if (last && isSettled(description, file)) return { description, units: last.units }
  const now = { file, before: stock, sold: standing.held, returned: standing.returned }
  if (own.length === 0 || !earlier.isBooked) {
    const units = !standing.isOpen ? 0 : wanted === 'enough' ? standing.open : wanted
    return { description: withOpening(withoutOpenings(description, file), { ...now, units }), units }
  }
  if (isOvertaken(own, standing)) return 'overtaken'
  if (earlier.isFinished && !standing.isOpen) return { description, units: 0 }
  return { description: withOpening(description, { ...now, units: 0 }), units: 0 }
}

/**
 * True when this file had too little stock. Then the orders that were refused would now be placed from the stock that
 * the other file needs.
 */
function isOvertaken([first]: readonly Opening[], { held, open }: Standing): boolean {
  return first !== undefined && first.units < held - first.sold + open
}

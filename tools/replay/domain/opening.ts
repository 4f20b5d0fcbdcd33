/** The opening stock of every product: a number of units, or as many as the file sells. */
export type OpeningStock = number | 'enough'

/** The stock that was there before the file was replayed, and the units of its opening. */
export type Opening = { readonly file: string; readonly before: number; readonly units: number }

const pattern = /^replay ([0-9a-f]{12}): opened at (\d+) with (\d+)$/

/**
 * Openings are kept in the product's description, one line for each file that was replayed. So the expected stock can
 * be computed again after a crash, in a second run, and after another file has been replayed.
 */
export function readOpenings(description: string): readonly Opening[] {
  return description.split('\n').flatMap((line) => {
    const [, file, before, units] = pattern.exec(line) ?? []
    return file === undefined ? [] : [{ file, before: Number(before), units: Number(units) }]
  })
}

export function withOpening(description: string, { file, before, units }: Opening): string {
  return `${description}\nreplay ${file}: opened at ${before} with ${units}`.trim()
}

/**
 * True when another file was replayed later, and this one had too little stock. Then the orders of this file that were
 * refused would now be placed from the stock that the other file needs.
 */
export function isOvertaken(description: string, file: string, sold: number): boolean {
  const openings = readOpenings(description)
  const opening = openings.find((known) => known.file === file)
  return opening !== undefined && opening !== openings.at(-1) && opening.units < sold
}

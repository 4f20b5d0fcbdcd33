/** What every product begins with: a number of units, or what the file sells of it. */
export type OpeningStock = number | 'enough'

/** What was there when the file began, and what it was opened with. */
export type Opening = { readonly file: string; readonly before: number; readonly units: number }

const pattern = /^replay ([0-9a-f]{12}): opened at (\d+) with (\d+)$/

/**
 * Openings are kept in the product's description, one line for each file that was replayed: so the expectation can be computed
 * again after a crash, in a second run, and when another file has been replayed on top.
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
 * True when another file was opened on top of this one's leftovers, and this one had too little: then its orders that were turned
 * away would now be placed, from stock that the other file counts on.
 */
export function isOvertaken(description: string, file: string, sold: number): boolean {
  const openings = readOpenings(description)
  const opening = openings.find((known) => known.file === file)
  return opening !== undefined && opening !== openings.at(-1) && opening.units < sold
}

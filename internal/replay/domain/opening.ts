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

/** The opening stock of every product: a number of units, or as many as the file sells. */
export type OpeningStock = number | 'enough'

/** The stock that was there before the file was replayed, and the units of its opening. */
export type Opening = {
  readonly file: string
  readonly before: number
  readonly units: number
  /** Units of the file's own invoices that other files had sold and returned before. They are counted in `before`. */
  readonly sold: number
  readonly returned: number
}

const pattern =
  /^replay ([0-9a-f]{12}(?:\/checkout)?): opened at (\d+) with (\d+)(?: after (\d+) sold and (\d+) returned)?$/

/**
 * Openings are kept in the product's description, one line for each file that was replayed. So the expected stock can
 * be computed again after a crash, in a second run, and after another file has been replayed. Whatever a file does to
 * a product happens while its line is the last one.
 */
export function readOpenings(description: string): readonly Opening[] {
  return description.split('\n').flatMap((line) => {
    const [, file, before, units, sold = 0, returned = 0] = pattern.exec(line) ?? []
    if (file === undefined) return []
    const [opened, counted] = [{ before: Number(before), units: Number(units) }, [sold, returned].map(Number)]
    return [{ file, ...opened, sold: counted[0] ?? 0, returned: counted[1] ?? 0 }]
  })
}

export function withOpening(description: string, { file, before, units, sold, returned }: Opening): string {
  const after = sold + returned > 0 ? ` after ${sold} sold and ${returned} returned` : ''
  return withLine(description, `replay ${file}: opened at ${before} with ${units}${after}`)
}

export function withoutOpenings(description: string, file: string): string {
  const isOther = (line: string): boolean => readOpenings(line).every((opening) => opening.file !== file)
  return description.split('\n').filter(isOther).join('\n')
}

/** The note that the file was replayed to its end. One product of the file has it. */
export const withEnd = (description: string, file: string): string =>
  hasEnd(description, file) ? description : withLine(description, endOf(file))

export const hasEnd = (description: string, file: string): boolean =>
  description.split('\n').includes(endOf(file))

const endOf = (file: string): string => `replay ${file}: replayed to the end`
const withLine = (description: string, line: string): string => `${description}\n${line}`.trim()

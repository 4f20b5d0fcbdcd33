/** Lines of cells. If the table has a head, it is the first line. */
export type Cells = readonly (readonly string[])[]

type Layout = {
  readonly indent?: string
  /** The columns from this one on are aligned to the right. By default all are aligned to the left. */
  readonly rightFrom?: number
}

/** Lines with aligned columns that are two spaces apart. */
export function columns(cells: Cells, { indent = '', rightFrom = Infinity }: Layout = {}): readonly string[] {
  return padded(cells, (_, column) => column >= rightFrom).map((line) =>
    `${indent}${line.join('  ')}`.trimEnd(),
  )
}

/** A table in GitHub's Markdown, padded so that it is readable in a terminal too. Figures are aligned to the right. */
export function markdownTable(cells: Cells): string {
  const [head = [], ...lines] = padded(cells, (cell) => /^[\d,.]+$/.test(cell))
  const rule = head.map((cell) => '-'.repeat(cell.length))
  return [head, rule, ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n')
}

/** Pads all cells of a column to its widest one. Every line must have as many cells as the first. */
function padded(cells: Cells, isRight: (cell: string, column: number) => boolean): Cells {
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((line) => (line[column] ?? '').length)),
  )
  return cells.map((line) =>
    widths.map((width, column) => {
      const cell = line[column] ?? ''
      return isRight(cell, column) ? cell.padStart(width) : cell.padEnd(width)
    }),
  )
}

/** Formats a number as in 12,345. */
export const wholeFigure = (value: number): string => Math.round(value).toLocaleString('en-US')

/** Lines of cells, the first of them the head where there is one. */
export type Cells = readonly (readonly string[])[]

type Layout = {
  readonly indent?: string
  /** From this column on, cells stand at the right; by default all stand at the left. */
  readonly rightFrom?: number
}

/** Lines whose columns stand below each other, two spaces apart. */
export function columns(cells: Cells, { indent = '', rightFrom = Infinity }: Layout = {}): readonly string[] {
  return padded(cells, (_, column) => column >= rightFrom).map((line) =>
    `${indent}${line.join('  ')}`.trimEnd(),
  )
}

/** GitHub's Markdown, padded so that a terminal shows it, too. Figures stand at the right. */
export function markdownTable(cells: Cells): string {
  const [head = [], ...lines] = padded(cells, (cell) => /^[\d,.]+$/.test(cell))
  const rule = head.map((cell) => '-'.repeat(cell.length))
  return [head, rule, ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n')
}

/** All cells of a column are as wide as its widest; every line has as many cells as the first. */
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

/** 12,345 */
export const wholeFigure = (value: number): string => Math.round(value).toLocaleString('en-US')

import { isoTime } from './iso-time.ts'

// Whole columns as parameters for `unnest`, each one array literal or, of JSON, one text. Less work on both sides than rows of
// JSON or than arrays that the driver writes value by value; docs/performance.md has the figures.

/** Of values that need no quotes: ids, numbers, times, words of our own. None of them is empty. */
export function bareColumn<Row>(
  rows: readonly Row[],
  value: (row: Row) => string | number | bigint | boolean,
): string {
  return column(rows, (row) => String(value(row)))
}

export function timeColumn<Row>(rows: readonly Row[], value: (row: Row) => Date): string {
  return column(rows, (row) => isoTime(value(row)))
}

/** Of any text. */
export function textColumn<Row>(rows: readonly Row[], value: (row: Row) => string | null): string {
  return column(rows, (row) => {
    const text = value(row)
    return text === null ? 'NULL' : `"${text.replace(special, '\\$&')}"`
  })
}

/** Of what is stored as JSON, for `jsonArray`. JSON has no bare line feeds, so they can stand between its values. */
export function jsonColumn<Row>(rows: readonly Row[], value: (row: Row) => unknown): string {
  return rows.map((row) => JSON.stringify(value(row))).join('\n')
}

/** The text[] that a `jsonColumn` stands for: within an array literal each quote would have to be escaped, and found again. */
export const jsonArray = (parameter: number): string => `string_to_array($${parameter}::text, E'\\n')`

const special = /["\\]/g

function column<Row>(rows: readonly Row[], literal: (row: Row) => string): string {
  let text = '{'
  for (const row of rows) text += `${text.length > 1 ? ',' : ''}${literal(row)}`
  return `${text}}`
}

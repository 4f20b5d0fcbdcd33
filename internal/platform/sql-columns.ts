import { isoTime } from './iso-time.ts'

// These functions make whole columns for `unnest`, each as one parameter: an array literal or, for JSON, one text.
// That is less work on both sides than rows of JSON or arrays that the driver writes value by value (see
// docs/performance.md).

/** A column of values that need no quotes and are never empty: ids, numbers, times, words of our own. */
export function bareColumn<Row>(
  rows: readonly Row[],
  value: (row: Row) => string | number | bigint | boolean,
): string {
  return column(rows, (row) => String(value(row)))
}

export function timeColumn<Row>(rows: readonly Row[], value: (row: Row) => Date): string {
  return column(rows, (row) => isoTime(value(row)))
}

/** A column of any text. */
export function textColumn<Row>(rows: readonly Row[], value: (row: Row) => string | null): string {
  return column(rows, (row) => {
    const text = value(row)
    return text === null ? 'NULL' : `"${text.replace(special, '\\$&')}"`
  })
}

/** A column of JSON for `jsonArray`. JSON text contains no line feeds, so they can separate the values. */
export function jsonColumn<Row>(rows: readonly Row[], value: (row: Row) => unknown): string {
  return rows.map((row) => JSON.stringify(value(row))).join('\n')
}

/** SQL that makes a text[] of a `jsonColumn`. In an array literal every quote of the JSON would have to be escaped. */
export const jsonArray = (parameter: number): string => `string_to_array($${parameter}::text, E'\\n')`

const special = /["\\]/g

function column<Row>(rows: readonly Row[], literal: (row: Row) => string): string {
  let text = '{'
  for (const row of rows) text += `${text.length > 1 ? ',' : ''}${literal(row)}`
  return `${text}}`
}

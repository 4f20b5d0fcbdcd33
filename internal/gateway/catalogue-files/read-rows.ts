import type { Readable } from 'node:stream'
import { CsvError, parse, type Info } from 'csv-parse'
import { Refusal } from '../../platform/refusal.ts'
import { isColumn, knownColumns, type Cells } from './columns.ts'
import type { RowError } from './row-error.ts'

/** A line of a file: where it begins, the first being 1, what was read with it, and what its cells say or what is wrong. */
export type Row = { readonly line: number; readonly bytesRead: number } & (
  { readonly cells: Cells } | { readonly error: RowError }
)

/** A product with the longest text has some 70,000 characters. */
const longestRow = 256 * 1024
/** Spreadsheets of some countries write semicolons, and their clipboards tabs. */
const delimiters = [',', ';', '\t'] as const

/**
 * The rows of a CSV file one after the other. Which delimiter it has is seen at its first line, which names the columns:
 * what is wrong with that refuses the file.
 */
export async function* readRows(open: () => Readable): AsyncGenerator<Row> {
  const delimiter = await delimiterOf(open())
  let columns: readonly string[] | undefined
  for await (const { record, line, bytesRead, error } of parsed(open(), delimiter)) {
    const begins = line - breaksIn(record)
    const place = { line: begins, bytesRead }
    if (!columns) {
      if (error !== undefined) throw badColumns(`in the first line ${error}`)
      columns = columnsOf(record)
    } else if (error !== undefined) yield { ...place, error: malformed(begins, error) }
    else if (record.length !== columns.length) yield { ...place, error: wrongCount(begins, columns, record) }
    else yield { ...place, cells: Object.fromEntries(columns.map((name, index) => [name, record[index]])) }
  }
  if (!columns) throw noColumns()
}

const breaksIn = (record: readonly string[]): number =>
  record.reduce((count, cell) => count + cell.split(/\r\n|\r|\n/).length - 1, 0)

type Parsed = {
  readonly record: readonly string[]
  readonly line: number
  readonly bytesRead: number
  readonly error?: string
}

/**
 * Quotes within a cell are taken as they are, as spreadsheets do. Behind a quote that is never closed nobody knows where the
 * rows are, so that is an error, and the last of what is read.
 */
async function* parsed(file: Readable, delimiter: string): AsyncGenerator<Parsed> {
  const parser = parse({
    ...{ delimiter, bom: true, info: true, relax_quotes: true },
    ...{ relax_column_count: true, skip_empty_lines: true, max_record_size: longestRow },
  })
  file.on('error', (err) => parser.destroy(err))
  let [line, bytesRead] = [0, 0]
  try {
    for await (const { record, info } of file.pipe(parser) as AsyncIterable<{
      record: string[]
      info: Info
    }>) {
      line = info.lines
      bytesRead = info.bytes
      yield { record, line, bytesRead }
    }
  } catch (err) {
    if (!(err instanceof CsvError)) throw err
    yield {
      record: [],
      ...{ line: line + 1, bytesRead },
      error: 'a quote is not closed, or the row is too long; what follows was not read',
    }
  } finally {
    file.destroy()
  }
}

async function delimiterOf(file: Readable): Promise<string> {
  let text = ''
  for await (const chunk of file.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk
    if (/[\r\n]/.test(text) || text.length > longestRow) break
  }
  const [first = ''] = text.split(/[\r\n]/, 1)
  const counts = delimiters.map((one) => first.split(one).length)
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ','
}

function columnsOf(names: readonly string[]): readonly string[] {
  const columns = names.map((name) => name.trim())
  const unknown = columns.find((name) => !isColumn(name))
  if (unknown !== undefined)
    throw badColumns(`there is no column ${JSON.stringify(unknown.slice(0, 100))}; there are ${knownColumns}`)
  if (new Set(columns).size < columns.length) throw badColumns('a column is named twice')
  if (!columns.includes('sku')) throw badColumns('the column sku is missing, by which products are known')
  return columns
}

const wrongCount = (line: number, columns: readonly string[], record: readonly string[]): RowError => ({
  ...{ line, column: '', code: 'import.wrong-columns' },
  message: `the row has ${record.length} cells, and there are ${columns.length} columns`,
})

const badColumns = (message: string): Refusal => new Refusal('invalid', 'import.bad-columns', message)

const noColumns = (): Refusal => badColumns('the file is empty; its first line names the columns')

const malformed = (line: number, message: string): RowError => ({
  ...{ line, column: '', code: 'import.malformed-row', message },
})

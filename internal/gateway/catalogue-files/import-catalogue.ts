import { setTimeout as sleep } from 'node:timers/promises'
import type { ImportedProductSchema, InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { textKey } from '../../platform/search-text.ts'
import { jsonLength } from '../../platform/text.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import { productOf } from './columns.ts'
import { readRows, type Row } from './read-rows.ts'
import type { RowError } from './row-error.ts'
import type { CsvFile } from './take-csv.ts'

type Inventory = Pick<Handlers<typeof InventoryService>, 'importProducts'>
type Line = {
  readonly line: number
  readonly bytesRead: number
  readonly product: Wire<typeof ImportedProductSchema>
}
type How = { readonly isDryRun: boolean; readonly countsStock: boolean }

/** What became of the rows. Of very many errors the first are listed; `failed` counts all. */
export type ImportReport = {
  created: number
  updated: number
  unchanged: number
  failed: number
  readonly errors: RowError[]
}

const listedErrors = 1_000
const batch = { rows: 100, bytes: 256 * 1024 }
/** A busy inventory is asked again before the import is given up. */
const patience = { tries: 20, restMs: 500 }

/** What has become of the rows so far. */
export type Progress = Omit<ImportReport, 'errors'> & {
  /** The part of the file that was read: 1 is all of it. */
  readonly progress: number
}

/** Rows are changed batch by batch as they are read, so that memory does not grow with the file. Tells of each batch. */
export async function* importCatalogue(
  inventory: Inventory,
  file: CsvFile,
  how: How,
  call: Call,
): AsyncGenerator<Progress, ImportReport, undefined> {
  const report: ImportReport = { created: 0, updated: 0, unchanged: 0, failed: 0, errors: [] }
  const fail = (error: RowError): void => {
    report.failed++
    if (report.errors.length < listedErrors) report.errors.push(error)
  }
  for await (const lines of batches(productLines(readRows(file.open), fail))) {
    const request = {
      rows: lines.map(({ product }) => product),
      dryRun: how.isDryRun,
      countsStock: how.countsStock,
    }
    const { outcomes } = await patiently(() => inventory.importProducts(request, call))
    for (const [index, { line }] of lines.entries()) {
      const { kind = '', code = '', message = '', field = '' } = outcomes[index] ?? {}
      if (isCounted(kind)) report[kind]++
      else fail({ line, column: field, code, message })
    }
    const { errors: _errors, ...counts } = report
    const progress = Math.min(1, (lines.at(-1)?.bytesRead ?? 0) / file.bytes)
    yield { progress: Number(progress.toFixed(4)), ...counts }
  }
  report.errors.sort((a, b) => a.line - b.line)
  return report
}

const isCounted = (kind: string): kind is 'created' | 'updated' | 'unchanged' =>
  kind === 'created' || kind === 'updated' || kind === 'unchanged'

/** The rows that say something of a product. Only the first with an SKU does. */
async function* productLines(
  rows: AsyncIterable<Row>,
  fail: (error: RowError) => void,
): AsyncGenerator<Line> {
  const firstLines = new Map<string, number>()
  for await (const row of rows) {
    const product = 'error' in row ? row.error : productOf(row.line, row.cells)
    if ('code' in product) {
      fail(product)
      continue
    }
    const key = textKey(product.sku)
    const first = firstLines.get(key)
    if (first !== undefined) fail(repeated(row.line, first))
    else {
      firstLines.set(key, row.line)
      yield { line: row.line, bytesRead: row.bytesRead, product }
    }
  }
}

const repeated = (line: number, first: number): RowError => ({
  ...{ line, column: 'sku', code: 'import.repeated-sku' },
  message: `line ${first} has the same SKU`,
})

async function* batches(lines: AsyncIterable<Line>): AsyncGenerator<readonly Line[]> {
  let [kept, bytes]: [Line[], number] = [[], 0]
  for await (const line of lines) {
    const size = jsonLength(JSON.stringify(line.product))
    if (kept.length === batch.rows || (kept.length > 0 && bytes + size > batch.bytes)) {
      yield kept
      ;[kept, bytes] = [[], 0]
    }
    kept.push(line)
    bytes += size
  }
  if (kept.length > 0) yield kept
}

async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (err) {
      const isBusy = err instanceof Refusal && err.kind === 'unavailable'
      if (!isBusy || tries === patience.tries) throw err
      await sleep(patience.restMs)
    }
  }
}

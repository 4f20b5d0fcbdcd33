import { Readable } from 'node:stream'
import { Refusal } from '../../platform/refusal.ts'
import type { ImportReport, Progress } from './import-catalogue.ts'

type Import = AsyncGenerator<Progress, ImportReport, undefined>

export const progressType = 'application/x-ndjson'

/** Does all of it. */
export async function finished(rows: Import): Promise<ImportReport> {
  for (;;) {
    const step = await rows.next()
    if (step.done) return step.value
  }
}

/**
 * Lines of JSON: how far it is, after each batch of rows, and the report at the end. What refuses the file as a whole is refused
 * before the first line. Later there is no status any more, so what ends it is a line, too.
 */
export async function progressOf(rows: Import): Promise<Readable> {
  const first = await rows.next()
  return Readable.from(lines(rows, first), { objectMode: false })
}

async function* lines(rows: Import, first: IteratorResult<Progress, ImportReport>): AsyncGenerator<string> {
  try {
    let step = first
    while (!step.done) {
      yield line(step.value)
      step = await rows.next()
    }
    yield line({ progress: 1, ...step.value })
  } catch (err) {
    if (!(err instanceof Refusal)) throw err
    yield line({ code: err.code, detail: err.message })
  }
}

const line = (value: object): string => `${JSON.stringify(value)}\n`

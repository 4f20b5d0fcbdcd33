import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { UsageError } from '../shared/options.ts'
import { parseCsv } from './domain/csv.ts'
import { decodeText } from './domain/decode-text.ts'
import { canonicalText } from './domain/identity.ts'
import { columns } from './domain/invoice-line.ts'
import { planReplay, type Plan } from './domain/plan.ts'

/** `file` identifies what the file says: the same orders and returns are the same replay, however they are saved. */
export type ReadPlan = { readonly file: string; readonly plan: Plan }

export async function readPlan(path: string): Promise<ReadPlan> {
  const bytes = await readFile(path).catch((err: unknown) => {
    throw new UsageError(`${path} cannot be read: ${(err as Error).message}`) // readFile throws only errors
  })
  try {
    return planOf(bytes)
  } catch (err) {
    throw new UsageError(`${path} is no file of orders: ${(err as Error).message}`) // as above
  }
}

function planOf(bytes: Buffer): ReadPlan {
  const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
  const { header, rows, lineNumbers } = parseCsv(decodeText(content))
  const missing = columns.filter((column) => !header.includes(column))
  if (missing.length > 0) throw new RangeError(`it lacks the columns ${missing.join(', ')}`)
  const plan = planReplay(rows, lineNumbers)
  const file = createHash('sha256').update(canonicalText(plan)).digest('hex').slice(0, 12)
  return { file, plan }
}

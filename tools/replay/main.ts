import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { currencyDecimals } from '../../internal/platform/money.ts'
import { parseCsv } from './domain/csv.ts'
import { columns } from './domain/invoice-line.ts'
import { planReplay, type Plan } from './domain/plan.ts'
import { showProgress } from '../shared/progress.ts'
import { ReplayFailure } from './replay-failure.ts'
import { replay } from './replay.ts'
import { isFlawless, reportOf } from './report.ts'
import { restClient } from './rest.ts'
import { namedShop } from '../shared/named-shop.ts'
import { UsageError } from '../shared/options.ts'
import { runTool } from '../shared/tool.ts'
import { findShop } from './find-shop.ts'
import { parseUsage, type Usage } from './usage.ts'

await runTool(
  () => parseUsage(process.argv.slice(2)),
  (wanted) => main(wanted).catch(tellFailure),
)

function tellFailure(err: unknown): 1 {
  if (!(err instanceof ReplayFailure)) throw err
  process.stderr.write(`${err.message}\n`)
  return 1
}

async function main({ path, url, opening, concurrency }: Usage): Promise<0 | 1> {
  const { url: shop, admin, currency: usual } = await namedShop(url)
  const { file, plan } = await readPlan(path)
  const currency = (await findShop(shop)) ?? usual
  process.stdout.write(`replaying ${path} (${file}) to ${shop}\n`)
  const rest = restClient(shop, concurrency)
  try {
    const decimals = currencyDecimals(currency)
    const progress = showProgress(process.stderr)
    const outcome = await replay({ rest, admin, plan, file, opening, concurrency, decimals, progress })
    process.stdout.write(`\n${reportOf(outcome)}`)
    return isFlawless(outcome) ? 0 : 1
  } finally {
    await rest.close()
  }
}

/** `file` identifies the content and not the path, so the same lines are the same replay wherever the file is. */
async function readPlan(path: string): Promise<{ readonly file: string; readonly plan: Plan }> {
  const bytes = await readFile(path).catch((err: unknown) => {
    throw new UsageError(`${path} cannot be read: ${(err as Error).message}`) // readFile throws only errors
  })
  try {
    const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
    const rows = parseCsv(content.toString('utf8'))
    const missing = columns.filter((column) => !Object.hasOwn(rows[0] ?? {}, column))
    if (missing.length > 0) throw new RangeError(`it lacks the columns ${missing.join(', ')}`)
    return { file: createHash('sha256').update(content).digest('hex').slice(0, 12), plan: planReplay(rows) }
  } catch (err) {
    throw new UsageError(`${path} is no file of orders: ${(err as Error).message}`) // as above
  }
}

import { currencyDecimals } from '../../internal/platform/money.ts'
import { showProgress } from '../shared/progress.ts'
import { readPlan } from './read-plan.ts'
import { ReplayFailure } from './replay-failure.ts'
import { replay } from './replay.ts'
import { replayReport } from './html.ts'
import { isFlawless, reportOf } from './report.ts'
import { restClient } from './rest.ts'
import { saveHtml } from '../shared/html-report.ts'
import { namedShop } from '../shared/named-shop.ts'
import { runTool } from '../shared/tool.ts'
import { findShop } from './find-shop.ts'
import { identityOf } from './domain/through.ts'
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

async function main({ path, url, opening, through, sandbox, html, concurrency }: Usage): Promise<0 | 1> {
  const { url: shop, admin, currency: usual, sandboxUrl } = await namedShop(url)
  const { file: contents, plan } = await readPlan(path)
  const file = identityOf(contents, through)
  const currency = (await findShop(shop)) ?? usual
  process.stdout.write(`replaying ${path} (${file}) to ${shop}\n`)
  const rest = restClient(shop, concurrency)
  try {
    const decimals = currencyDecimals(currency)
    const progress = showProgress(process.stderr)
    const checkout = through === 'checkout' ? { currency, sandboxUrl: sandbox ?? sandboxUrl } : undefined
    const options = { rest, admin, plan, file, opening, concurrency, decimals, progress, checkout }
    const outcome = await replay(options)
    process.stdout.write(`\n${reportOf(outcome)}`)
    if (html !== undefined) await saveHtml(html, replayReport(`${path} (${file}), by ${through}`, outcome))
    return isFlawless(outcome) ? 0 : 1
  } finally {
    await rest.close()
  }
}

import { runCampaign, type Campaign } from './campaign.ts'
import { runSeed } from './run-seed.ts'
import { showProgress } from '../shared/progress.ts'
import { runTool } from '../shared/tool.ts'
import { campaignReport, failureReport, runReport } from './report.ts'
import { parseUsage, type Usage } from './usage.ts'

await runTool(
  () => parseUsage(process.argv.slice(2)),
  (wanted) => (wanted.showsHistory ? replay(wanted) : campaign(wanted)),
)

async function campaign({ from, seeds, json, isQuick }: Usage): Promise<0 | 1> {
  const startedAt = performance.now()
  const result = await showProgress(process.stderr).counting('seeds', seeds, (tick) => {
    const onProgress = (done: number): void =>
      tick(`${Math.round((done * 1_000) / (performance.now() - startedAt))}/s`)
    return runCampaign({ from, seeds, isQuick, onProgress })
  })
  process.stdout.write(json ? `${JSON.stringify(plain(result))}\n` : campaignReport(result, from))
  if (!json && result.failure) process.stdout.write(failureReport(result.failure))
  return result.failure ? 1 : 0
}

async function replay({ from, json }: Usage): Promise<0 | 1> {
  const outcome = await runSeed(from, { keepsHistory: true })
  const { violations, history, counts } = outcome
  const shown = json
    ? `${JSON.stringify({ seed: from, violations, history, counts: Object.fromEntries(counts) })}\n`
    : runReport(from, outcome)
  process.stdout.write(shown)
  return violations.length > 0 ? 1 : 0
}

function plain({ counts, ...rest }: Campaign) {
  return { ...rest, counts: Object.fromEntries(counts) }
}

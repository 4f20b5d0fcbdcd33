// npm test [-- FILES]: sets up, starts one PostgreSQL, runs the tests in parallel, and reports the result.
// npm run test:campaigns: the same with the campaigns. `--coverage` measures the coverage and holds it to its bounds.
import { availableParallelism, constants } from 'node:os'
import { root } from '../../scripts/root.mjs'
import { loadTypeScript } from '../../scripts/run.mjs'
import { setup } from '../../scripts/setup.mjs'
import { fail, Failure, step } from '../../scripts/steps.mjs'
import { testFiles } from './files.mjs'

const args = process.argv.slice(2)
const campaigns = args.includes('--campaigns')
const withCoverage = args.includes('--coverage')

try {
  await main(args.filter((arg) => !arg.startsWith('--')))
} catch (err) {
  fail(err)
}

/** Most tests wait for servers much of the time. But the machine may be small, and campaigns need most of it. */
function jobCount() {
  const most = campaigns ? 2 : 4
  return Number(process.env.TEST_JOBS) || Math.min(most, Math.max(2, availableParallelism()))
}

async function main(wanted) {
  process.chdir(root)
  const { chosen, isWhole } = await testFiles(root, wanted, { campaigns })
  if (chosen.length === 0) throw new Failure(`no test file begins with ${wanted.join(' or ') || root}`)
  await setup()
  await loadTypeScript()
  // The packages can be imported only from here on.
  const { openScratch } = await import('./scratch.mjs')
  const { openTestServers } = await import('./servers.mjs')
  const { endTestProcesses } = await import('./test-process.mjs')
  const { runFiles } = await import('./run-files.mjs')
  const { openCoverage } = await import('./coverage.mjs')
  const { showFile, showSummary } = await import('./report.mjs')
  const scratch = await openScratch()
  const closers = [scratch.close]
  const close = onceInReverse(closers)
  try {
    const isMeasured = isWhole && !campaigns && withCoverage
    const coverage = isMeasured ? await openCoverage(scratch.dir) : undefined
    const servers = await openTestServers(
      chosen.some(({ needsServers }) => needsServers),
      scratch,
      step,
    )
    closers.push(servers.close, endTestProcesses)
    const env = { ...servers.env, ...coverage?.env, TEST_TMP_DIR: scratch.dir }
    const results = []
    const onResult = async (result) => {
      await coverage?.keep()
      results.push(result)
      showFile(result)
    }
    await runFiles(chosen, { jobs: jobCount(), env, onResult })
    process.exitCode = showSummary(results, await coverage?.measure())
  } finally {
    await close()
  }
}

/** Closes everything when the run ends in any way. */
function onceInReverse(closers) {
  let closing
  const close = () =>
    (closing ??= (async () => {
      for (const closer of [...closers].reverse()) await closer().catch((err) => console.error(err))
    })())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => void close().finally(() => process.exit(128 + constants.signals[signal])))
  }
  return close
}

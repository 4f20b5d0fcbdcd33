// npm test [-- FILES]: set up, start one PostgreSQL, run the tests in parallel, say what came of it.
import { readdir } from 'node:fs/promises'
import { availableParallelism, constants } from 'node:os'
import path from 'node:path'
import { root } from '../../scripts/root.mjs'
import { loadTypeScript } from '../../scripts/run.mjs'
import { setup } from '../../scripts/setup.mjs'
import { fail, Failure, step } from '../../scripts/steps.mjs'

/** Most tests wait for servers much of the time, but the machine may be small. */
const jobs = Number(process.env.TEST_JOBS) || Math.min(4, Math.max(2, availableParallelism()))

try {
  await main(process.argv.slice(2).filter((arg) => arg !== '--'))
} catch (err) {
  fail(err)
}

async function main(wanted) {
  process.chdir(root)
  const { chosen, isWhole } = await testFiles(wanted)
  await setup()
  await loadTypeScript()
  // Only from here on there are packages to import.
  const { openScratch } = await import('./scratch.mjs')
  const { openTestServers } = await import('./servers.mjs')
  const { endTestFiles, runTestFile } = await import('./test-file.mjs')
  const { openCoverage } = await import('./coverage.mjs')
  const { showFile, showSummary } = await import('./report.mjs')
  const scratch = await openScratch()
  const closers = [scratch.close]
  const close = onceInReverse(closers)
  try {
    const coverage = await openCoverage(scratch.dir)
    const servers = await openTestServers(chosen.some(needsServers), scratch.dir, step)
    closers.push(servers.close, endTestFiles)
    const env = { ...servers.env, NODE_V8_COVERAGE: coverage.dir, TEST_TMP_DIR: scratch.dir }
    const results = []
    await inParallel(chosen, jobs, async (file) => {
      const result = await runTestFile(file, env)
      await coverage.keep()
      results.push(result)
      showFile(result)
    })
    process.exitCode = showSummary(results, isWhole ? await coverage.measure() : undefined)
  } finally {
    await close()
  }
}

/** Nothing outlives the run, however it ends. */
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

/** Those that start services take longest, so they go first. */
async function testFiles(wanted) {
  const all = []
  for (const folder of ['cmd', 'internal', 'tools', 'scripts', 'examples']) {
    const names = await readdir(path.join(root, folder), { recursive: true }).catch(() => [])
    all.push(...names.filter((name) => name.endsWith('.test.ts')).map((name) => path.join(folder, name)))
  }
  const rank = (file) => ['.e2e.test.ts', '.int.test.ts', '.test.ts'].findIndex((end) => file.endsWith(end))
  all.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
  const prefixes = wanted.map((name) => path.relative(root, path.resolve(name)))
  const chosen = all.filter((file) => prefixes.length === 0 || prefixes.some((name) => file.startsWith(name)))
  if (chosen.length === 0) throw new Failure(`no test file begins with ${wanted.join(' or ') || root}`)
  return { chosen, isWhole: chosen.length === all.length }
}

function needsServers(file) {
  return /\.(int|e2e)\.test\.ts$/.test(file)
}

async function inParallel(items, limit, work) {
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: limit }, worker))
}

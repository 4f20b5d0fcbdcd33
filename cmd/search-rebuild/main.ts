import { parseArgs } from 'node:util'
import { ConfigError, loadConfig } from '../../internal/config/config.ts'
import { readStackFile } from '../../internal/config/stack-file.ts'
import { indexServerOf } from '../../internal/platform/search-settings.ts'
import { rebuildSearch, type RebuildOptions } from '../../internal/search/rebuild-service.ts'
import { withThoseOf } from '../known-databases.ts'

const usage = `usage: npm run search:rebuild

Has the search index made anew of the catalogue: by the search service that runs, which begins within SEARCH_CHECK_INTERVAL_MS.
The index is that of SEARCH_URL, or else in the database of DATABASE_URL or SEARCH_DATABASE_URL, or in that of the stack that
\`npm start\` runs. It may be done at any time: searches are answered meanwhile, and what changes is found as always.
Exit code 1: it was not done. 2: it could not begin.`

/** It could not begin. The message gives the reason. */
class RebuildFailure extends Error {}

/** The service may be busy with a large comparison. */
const leastPatienceMs = 60_000

try {
  if (asksForHelp()) process.stdout.write(`${usage}\n`)
  else await rebuild(await findIndex())
} catch (err) {
  const couldNotBegin = err instanceof RebuildFailure || err instanceof ConfigError
  process.stderr.write(
    `${couldNotBegin ? err.message : `The search index was not made anew: ${String(err)}`}\n`,
  )
  process.exitCode = couldNotBegin ? 2 : 1
}

function asksForHelp(): boolean {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h' } } as const }).values.help ?? false
  } catch (err) {
    throw new RebuildFailure(`${(err as Error).message}\n${usage}`) // parseArgs throws only errors
  }
}

/** Settings of the environment come first. The running stack provides the database. */
async function findIndex(): Promise<RebuildOptions> {
  const { databases, services, local } = loadConfig()
  // The search service declares them.
  const own = services.search as unknown as Parameters<typeof indexServerOf>[0] & {
    readonly checkIntervalMs: number
  }
  const [server, patienceMs] = [indexServerOf(own), Math.max(leastPatienceMs, 3 * own.checkIntervalMs)]
  const { search: databaseUrl = '' } = databases
  if (server || databaseUrl !== '') return { databaseUrl, server, patienceMs }
  const stack = await readStackFile(local.dataDir)
  if (!stack)
    throw new RebuildFailure(
      `No stack runs on ${local.dataDir}: start it with \`npm start\`, or set DATABASE_URL.`,
    )
  return { databaseUrl: withThoseOf(stack, databases).search ?? '', server, patienceMs }
}

/** On a terminal it shows one line that changes, and elsewhere a line now and then. */
async function rebuild(options: RebuildOptions): Promise<void> {
  const { stdout } = process
  const startedAt = performance.now()
  let shownAt = startedAt
  const products = await rebuildSearch(options, (done, all) => {
    const everyMs = stdout.isTTY ? 100 : 5_000
    if (performance.now() - shownAt < everyMs) return
    shownAt = performance.now()
    const line = `${done} of ${all} products`
    stdout.write(stdout.isTTY ? `\r  ${line}\u001b[K` : `  ${line}\n`)
  })
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  stdout.write(`${stdout.isTTY ? '\r\u001b[K' : ''}${products} products indexed anew in ${seconds} s\n`)
}

import { parseArgs } from 'node:util'
import { rebuildAnalytics } from '../../internal/analytics/rebuild-service.ts'
import { ConfigError, loadConfig } from '../../internal/config/config.ts'
import { readStackFile } from '../../internal/config/stack-file.ts'
import { withThoseOf } from '../known-databases.ts'

const usage = `usage: npm run analytics:rebuild

Makes the sums of the figures (GET /admin/analytics) anew of all that was told of what happened: in the database of
DATABASE_URL or ANALYTICS_DATABASE_URL, or else in that of the stack that \`npm start\` runs. They come out the same. Services
may run meanwhile: figures can be read, and what happens waits and is counted afterwards.
Exit code 1: it could not be done, and the sums are as they were. 2: it could not begin.`

/** It could not begin. The message gives the reason. */
class RebuildFailure extends Error {}

try {
  if (asksForHelp()) process.stdout.write(`${usage}\n`)
  else await rebuild(await findDatabase())
} catch (err) {
  const couldNotBegin = err instanceof RebuildFailure || err instanceof ConfigError
  process.stderr.write(`${couldNotBegin ? err.message : `The sums could not be made anew: ${String(err)}`}\n`)
  process.exitCode = couldNotBegin ? 2 : 1
}

function asksForHelp(): boolean {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h' } } as const }).values.help ?? false
  } catch (err) {
    throw new RebuildFailure(`${(err as Error).message}\n${usage}`) // parseArgs throws only errors
  }
}

async function findDatabase(): Promise<string> {
  const { databases, local } = loadConfig()
  const { analytics = '' } = databases
  if (analytics !== '') return analytics
  const stack = await readStackFile(local.dataDir)
  if (!stack)
    throw new RebuildFailure(
      `No stack runs on ${local.dataDir}: start it with \`npm start\`, or set DATABASE_URL.`,
    )
  return withThoseOf(stack, databases).analytics ?? ''
}

/** On a terminal it shows one line that changes, and elsewhere a line now and then. */
async function rebuild(url: string): Promise<void> {
  const { stdout } = process
  const startedAt = performance.now()
  let shownAt = startedAt
  const counts = await rebuildAnalytics(url, (done, days, made) => {
    const everyMs = stdout.isTTY ? 100 : 5_000
    if (performance.now() - shownAt < everyMs) return
    shownAt = performance.now()
    const line = `day ${done} of ${days} · ${made} sums`
    stdout.write(stdout.isTTY ? `\r  ${line}\u001b[K` : `  ${line}\n`)
  })
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  stdout.write(`${stdout.isTTY ? '\r\u001b[K' : ''}${counts} sums made anew in ${seconds} s\n`)
}

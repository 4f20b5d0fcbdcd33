import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { showProgress } from '../../internal/bench/progress.ts'
import type { Result } from '../../internal/chaos/result.ts'
import { tablesOf } from '../../internal/chaos/tables.ts'
import { ConfigError } from '../../internal/config/config.ts'
import { SetupError } from '../../internal/local/setup-error.ts'
import { createLog } from '../../internal/platform/log.ts'
import { createScope, type Scope } from '../../internal/platform/run.ts'
import { runChaos } from './run-chaos.ts'
import { parseUsage, UsageError, type Usage } from './usage.ts'

const log = createLog('chaos', 'warn')
const progress = showProgress(process.stderr)

try {
  const wanted = parseUsage(process.argv.slice(2))
  if (typeof wanted === 'string') process.stdout.write(`${wanted}\n`)
  else process.exitCode = await main(wanted)
} catch (err) {
  if (!(err instanceof UsageError)) throw err
  process.stderr.write(`${err.message}\n`)
  process.exitCode = 2
}

/** Whatever ends it, everything it has started ends first. */
async function main(wanted: Usage): Promise<number> {
  let interrupt = (_signal: string): void => {}
  const interrupted = new Promise<string>((resolve) => (interrupt = resolve))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt)
  let fail = (_err: unknown): void => {}
  const failed = new Promise<never>((_, reject) => (fail = reject))
  const scope = createScope(log, fail)
  const ending = await Promise.race([
    campaign(wanted, scope, fail),
    failed,
    interrupted.then((signal) => (signal === 'SIGINT' ? 130 : 143)),
  ]).catch(explain)
  await scope.close()
  // What is being opened or broken now would keep the process alive.
  if (ending !== 0) process.exit(ending)
  return ending
}

function explain(err: unknown): number {
  const { message, stack = message } = err as Error // nothing else is thrown here
  const isExpected = err instanceof SetupError || err instanceof ConfigError
  process.stderr.write(`${isExpected ? message : stack}\n`)
  return 1
}

/** One seed after another; a failure does not keep the next ones from being tried. */
async function campaign(wanted: Usage, outer: Scope, fail: (err: unknown) => void): Promise<number> {
  const startedAt = new Date().toISOString()
  const results: Result[] = []
  for (const seed of wanted.seeds) {
    const scope = createScope(log, fail)
    outer.onClose(`seed ${seed}`, scope.close)
    const keepDir = path.join('chaos-failures', `${startedAt.replaceAll(':', '-')}-seed-${seed}`)
    const result = await runChaos(scope, seed, wanted, progress, keepDir)
    await progress.during('stopping', () => scope.close())
    results.push(result)
    if (wanted.seeds.length > 1) process.stdout.write(`seed ${seed}: ${result.isOk ? 'ok' : 'FAILED'}\n`)
    if (result.isOk) continue
    const again = `again: ${wanted.command(seed)}`
    process.stderr.write(`${[...result.problems, again, `kept: ${keepDir}`].join('\n')}\n`)
  }
  const tables = tablesOf(results)
  process.stdout.write(`\n${tables}`)
  if (wanted.markdown !== undefined) {
    await mkdir(path.dirname(path.resolve(wanted.markdown)), { recursive: true })
    await writeFile(wanted.markdown, tables)
  }
  if (wanted.isJson) process.stdout.write(`${JSON.stringify({ startedAt, results })}\n`)
  return results.every(({ isOk }) => isOk) ? 0 : 1
}

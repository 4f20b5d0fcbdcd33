import { randomInt } from 'node:crypto'
import { showProgress } from '../../internal/bench/progress.ts'
import { fuzz, type FuzzReport } from '../../internal/fuzz/fuzz.ts'
import { SetupError } from '../../internal/local/setup-error.ts'
import { createLog } from '../../internal/platform/log.ts'
import { createScope, type Scope } from '../../internal/platform/run.ts'
import { runStack } from '../bench/run-shop.ts'
import { configOrExit } from '../service-process.ts'
import { demoAdminPassword } from '../stack/demo.ts'
import { parseUsage, usage, UsageError, type Usage } from './usage.ts'

const progress = showProgress(process.stderr)

try {
  const wanted = parseUsage(process.argv.slice(2), randomInt(4_294_967_296))
  if (wanted) process.exitCode = await main(wanted)
  else process.stdout.write(`${usage}\n`)
} catch (err) {
  if (!(err instanceof UsageError)) throw err
  process.stderr.write(`${err.message}\n`)
  process.exitCode = 2
}

/** Whatever ends it, everything it has started ends first. */
async function main(wanted: Usage): Promise<number> {
  let fail: (err: unknown) => void = () => {}
  const failed = new Promise<never>((_, reject) => (fail = reject))
  let interrupt: (signal: string) => void = () => {}
  const interrupted = new Promise<string>((resolve) => (interrupt = resolve))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt)
  const scope = createScope(createLog('fuzz', 'warn'), fail)
  const ending = await Promise.race([
    run(wanted, scope),
    failed,
    interrupted.then((signal) => (signal === 'SIGINT' ? 130 : 143)),
  ]).catch((err: unknown) => {
    const { message, stack = message } = err as Error // nothing else is thrown here
    process.stderr.write(`${err instanceof SetupError ? message : stack}\nseed ${wanted.seed}\n`)
    return 1
  })
  await scope.close()
  // What is under way now would keep the process alive.
  if (ending !== 0) process.exit(ending)
  return ending
}

async function run(wanted: Usage, scope: Scope): Promise<number> {
  const { url, admin } = await findShop(wanted, scope)
  const { requests, seed } = wanted
  const report = await progress.during(`fuzzing with seed ${seed}`, (tell) =>
    fuzz({ url, requests, seed, admin, onProgress: (done, failures) => tell(`${done}, ${failures} failed`) }),
  )
  return tell(report, wanted)
}

/** One of our own has its demo account; whose shop is named says in its settings who administers it. */
async function findShop({ url }: Usage, scope: Scope) {
  const { adminEmail, adminPassword } = configOrExit()
  if (url !== undefined)
    return { url, admin: { email: adminEmail, password: adminPassword || demoAdminPassword } }
  const running = await progress.during('starting the servers and services', () => runStack(scope, []))
  return { url: running.url, admin: { email: 'admin@example.com', password: demoAdminPassword } }
}

function tell(report: FuzzReport, { isJson }: Usage): number {
  const { failures, aftermath, statuses, seed, requests } = report
  for (const [operation, counts] of Object.entries(statuses).sort()) {
    const told = Object.entries(counts).map(([status, count]) => `${status} × ${count}`)
    process.stdout.write(`  ${operation.padEnd(40)} ${told.join(', ')}\n`)
  }
  for (const { index, operation, actor, what, curl } of failures)
    process.stdout.write(
      `\nFAILED ${operation} as ${actor} (seed ${seed}, request ${index}): ${what}\n  ${curl}\n`,
    )
  for (const wrong of aftermath) process.stdout.write(`\nFAILED afterwards: ${wrong}\n`)
  const isWell = failures.length === 0 && aftermath.length === 0
  const verdict = isWell ? 'every answer was as documented, and the shop is well' : 'see above'
  process.stdout.write(`\n${requests} requests, seed ${seed}: ${verdict}\n`)
  if (isJson) process.stdout.write(`${JSON.stringify({ isWell, ...report })}\n`)
  return isWell ? 0 : 1
}

import { ConfigError } from '../../internal/config/config.ts'
import { SetupError } from '../../internal/local/setup-error.ts'
import type { Log } from '../../internal/platform/log.ts'
import { createScope, type Scope } from '../../internal/platform/run.ts'
import { UsageError } from './options.ts'

/**
 * Runs a command for people. `parse` returns what is wanted, or a text to show instead. When the command line or a
 * setting is wrong, only the message is shown, and the exit code is 2.
 */
export async function runTool<Wanted extends object>(
  parse: () => Wanted | string,
  work: (wanted: Wanted) => Promise<number>,
): Promise<void> {
  try {
    const wanted = parse()
    if (typeof wanted === 'string') process.stdout.write(`${wanted}\n`)
    else process.exitCode = await work(wanted)
  } catch (err) {
    if (!(err instanceof UsageError || err instanceof ConfigError)) throw err
    process.stderr.write(`${err.message}\n`)
    process.exitCode = 2
  }
}

/** Is called when a server or a service has ended by itself. */
export type Fail = (err: unknown) => void

/**
 * Runs the work in a scope. Whether it ends, fails, loses a server or is interrupted, everything it has started ends
 * first.
 */
export async function inScope(
  log: Log,
  work: (scope: Scope, fail: Fail) => Promise<number>,
  explain: (err: Error) => string = explained,
): Promise<number> {
  let interrupt = (_signal: string): void => {}
  const interrupted = new Promise<string>((resolve) => (interrupt = resolve))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt)
  // Nobody reads what the tool says any more, as with `| head`.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => interrupt('SIGPIPE'))
  let fail: Fail = () => {}
  const failed = new Promise<never>((_, reject) => (fail = reject))
  const scope = createScope(log, fail)
  const ending = await Promise.race([
    work(scope, fail),
    failed,
    interrupted.then((signal) => (signal === 'SIGINT' ? 130 : 143)),
  ]).catch((err: unknown) => {
    process.stderr.write(`${explain(err as Error)}\n`) // only errors are thrown here
    return 1
  })
  await scope.close()
  // Work that is still under way would keep the process alive.
  if (ending !== 0) process.exit(ending)
  return ending
}

/** An error that the user can fix is shown as one line, and every other one with all of its details. */
export function explained(err: Error): string {
  const isExpected = err instanceof SetupError || err instanceof ConfigError
  return isExpected ? err.message : (err.stack ?? err.message)
}

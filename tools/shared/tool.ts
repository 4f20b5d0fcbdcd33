import { ConfigError } from '../../internal/config/config.ts'
import { SetupError } from '../../internal/local/setup-error.ts'
import type { Log } from '../../internal/platform/log.ts'
import { createScope, type Scope } from '../../internal/platform/run.ts'
import { UsageError } from './options.ts'

/**
 * A command for people. `parse` gives what is wanted, or the text to show instead. A wrong command line or setting is
 * told in its own words alone, and ends with exit code 2.
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

/** A server or a service has ended by itself. */
export type Fail = (err: unknown) => void

/** Whatever ends the work (its end, a fault, a server that died, Ctrl-C), everything it has started ends first. */
export async function inScope(
  log: Log,
  work: (scope: Scope, fail: Fail) => Promise<number>,
  explain: (err: Error) => string = explained,
): Promise<number> {
  let interrupt = (_signal: string): void => {}
  const interrupted = new Promise<string>((resolve) => (interrupt = resolve))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt)
  let fail: Fail = () => {}
  const failed = new Promise<never>((_, reject) => (fail = reject))
  const scope = createScope(log, fail)
  const ending = await Promise.race([
    work(scope, fail),
    failed,
    interrupted.then((signal) => (signal === 'SIGINT' ? 130 : 143)),
  ]).catch((err: unknown) => {
    process.stderr.write(`${explain(err as Error)}\n`) // nothing else is thrown here
    return 1
  })
  await scope.close()
  // What is under way now would keep the process alive.
  if (ending !== 0) process.exit(ending)
  return ending
}

/** What its user can mend is told in a line; the rest with all that is known of it. */
export function explained(err: Error): string {
  const isExpected = err instanceof SetupError || err instanceof ConfigError
  return isExpected ? err.message : (err.stack ?? err.message)
}

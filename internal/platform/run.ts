import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import type { Log } from './log.ts'
import { showSourceLines } from './source-lines.ts'

/** Keeps what a service has opened, and closes it when the service stops. */
export type Scope = {
  /** Adds a closer. Closers run in the reverse order, and one that fails does not stop the others. */
  readonly onClose: (name: string, close: () => Promise<unknown>) => void
  /** Stops the service when this background loop dies. */
  readonly watch: (name: string, loop: Promise<unknown>) => void
  readonly close: () => Promise<void>
}

export function createScope(log: Log, onFailure: (err: unknown) => void): Scope {
  const closers: { readonly name: string; readonly close: () => Promise<unknown> }[] = []
  return {
    onClose: (name, close) => void closers.push({ name, close }),
    watch(name, loop) {
      loop.catch((err: unknown) => {
        log.error({ err, name }, 'background loop died')
        onFailure(err)
      })
    },
    async close() {
      for (const { name, close } of closers.splice(0).reverse()) {
        await close().catch((err: unknown) => log.error({ err, name }, 'close failed'))
      }
    },
  }
}

export type RunOptions = {
  /** How long closing may take. */
  readonly graceMs?: number
  /** Returns one clear line for an error that the user can fix. All other errors are logged: it returns undefined. */
  readonly explain?: (err: unknown) => string | undefined
}

/**
 * On a machine with much memory V8 lets the heap grow to several times the live objects before it collects. With a
 * limit of 1.3 times their size it needs a little more CPU time and much less memory (docs/performance.md).
 */
const heapGrowth = '--heap-growing-percent=30'

/** Starts a service, waits for SIGINT, SIGTERM or a dead loop, and closes what it opened. */
export async function run(
  log: Log,
  start: (scope: Scope) => Promise<void>,
  { graceMs = 9_000, explain = () => undefined }: RunOptions = {},
): Promise<void> {
  setFlagsFromString(heapGrowth)
  if (import.meta.filename.endsWith('.js')) showSourceLines() // sources are mapped by their loader
  const stop = new AbortController()
  const fail = (err: unknown): void => {
    process.exitCode = 1
    stop.abort(err)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stop.abort(signal)) // a second signal kills the process, as usual
  }
  const scope = createScope(log, fail)
  const stopped = once(stop.signal, 'abort')
  const beginning = { isOver: false }
  const started = start(scope).finally(() => void (beginning.isOver = true))
  try {
    await Promise.race([started, stopped])
    if (!stop.signal.aborted) log.info('started')
    await stopped
    log.info({ reason: String(stop.signal.reason) }, 'stopping')
  } catch (err) {
    const line = explain(err)
    if (line === undefined) log.error({ err }, 'failed to start')
    else process.stderr.write(`${line}\n`)
    process.exitCode = 1
  }
  setTimeout(() => {
    log.error('did not stop in time')
    process.exit(1)
  }, graceMs).unref()
  await scope.close()
  // Something that is still being opened, perhaps for ever, would keep the process alive.
  if (!beginning.isOver) process.exit()
}

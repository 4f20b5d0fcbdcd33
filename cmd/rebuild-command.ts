import { parseArgs } from 'node:util'
import { ConfigError } from '../internal/config/config.ts'
import { readStackFile } from '../internal/config/stack-file.ts'
import { withThoseOf } from './known-databases.ts'

/** It could not begin. The message gives the reason. */
class CannotBegin extends Error {}

export type RebuildCommand = {
  readonly usage: string
  /** What is said, before the reason, when it has begun and failed. */
  readonly failed: string
  /** Resolves with what was made anew. `show` is told how far it is. */
  readonly rebuild: (show: (line: string) => void) => Promise<string>
}

/** Runs a command that makes something anew which follows from what is stored. Sets the exit code. */
export async function runRebuild({ usage, failed, rebuild }: RebuildCommand): Promise<void> {
  try {
    if (asksForHelp(usage)) process.stdout.write(`${usage}\n`)
    else await showing(rebuild)
  } catch (err) {
    const couldNotBegin = err instanceof CannotBegin || err instanceof ConfigError
    process.stderr.write(`${couldNotBegin ? err.message : `${failed}: ${String(err)}`}\n`)
    process.exitCode = couldNotBegin ? 2 : 1
  }
}

function asksForHelp(usage: string): boolean {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h' } } as const }).values.help ?? false
  } catch (err) {
    throw new CannotBegin(`${(err as Error).message}\n${usage}`) // parseArgs throws only errors
  }
}

/** On a terminal it shows one line that changes, and elsewhere a line now and then. */
async function showing(rebuild: RebuildCommand['rebuild']): Promise<void> {
  const { stdout } = process
  const startedAt = performance.now()
  let shownAt = startedAt
  const made = await rebuild((line) => {
    if (performance.now() - shownAt < (stdout.isTTY ? 100 : 5_000)) return
    shownAt = performance.now()
    stdout.write(stdout.isTTY ? `\r  ${line}\u001b[K` : `  ${line}\n`)
  })
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  stdout.write(`${stdout.isTTY ? '\r\u001b[K' : ''}${made} anew in ${seconds} s\n`)
}

/** The database of the service in the stack that runs. */
export async function databaseOfStack(
  service: string,
  databases: Readonly<Record<string, string>>,
  dataDir: string,
): Promise<string> {
  const stack = await readStackFile(dataDir)
  if (!stack)
    throw new CannotBegin(`No stack runs on ${dataDir}: start it with \`npm start\`, or set DATABASE_URL.`)
  return withThoseOf(stack, databases)[service] ?? ''
}

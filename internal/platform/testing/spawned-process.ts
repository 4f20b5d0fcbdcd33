import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { SetupError } from '../../local/setup-error.ts'

/** One of our own programs in a process of its own, for tests and tools. */
export type SpawnedProcess = {
  readonly pid: number
  /** What it has printed so far on standard output and standard error. */
  readonly output: () => string
  /** Resolves with the match of `pattern` in the output. Rejects when the process ends or the time is over before. */
  readonly says: (pattern: RegExp, timeoutMs?: number) => Promise<RegExpExecArray>
  readonly signal: (signal: NodeJS.Signals) => void
  /** Asks the process to end, kills it if it does not, and resolves when it has ended. */
  readonly stop: () => Promise<void>
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
}

type SpawnOptions = {
  /** The whole environment of the process; by default that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** How many of the last characters of its output are kept; all by default. */
  readonly keptOutput?: number
}

const defaultTimeoutMs = 180_000
/** This is longer than the time that a process gives itself to end. */
const patienceMs = 15_000

/** Runs Node with these arguments. Messages about the process call it `name`. */
export function spawnProcess(name: string, args: readonly string[], options: SpawnOptions): SpawnedProcess {
  const { keptOutput = Infinity, ...rest } = options
  const child = spawn(process.execPath, args, { ...rest, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = endOf(child)
  let output = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-keptOutput)
      for (const listener of listeners) listener()
    })
  }
  return {
    pid: child.pid ?? 0,
    ended,
    output: () => output,
    signal: (signal) => void child.kill(signal),
    says: (pattern, timeoutMs = defaultTimeoutMs) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(output)
          if (!found) return
          finish()
          resolve(found)
        }
        const fail = (why: string): void => {
          finish()
          reject(
            new SetupError(`${name} ${why} before it said ${String(pattern)}; it said:\n${output.trim()}`),
          )
        }
        const timer = setTimeout(() => fail(`took more than ${timeoutMs} ms`), timeoutMs)
        const finish = (): void => {
          clearTimeout(timer)
          listeners.delete(look)
        }
        listeners.add(look)
        void ended.then(() => {
          look()
          fail('ended')
        })
        look()
      }),
    async stop() {
      child.kill('SIGTERM')
      const insist = setTimeout(() => child.kill('SIGKILL'), patienceMs)
      await ended
      clearTimeout(insist)
    },
  }
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return code ?? signal ?? 0
}

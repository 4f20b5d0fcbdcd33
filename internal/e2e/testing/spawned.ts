import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { type Test } from 'tap'

/** A process of ours, as an operator runs it. */
export type Spawned = {
  readonly pid: number
  /** What it has printed so far, both streams. */
  readonly output: () => string
  /** Resolves with what `pattern` found in the output. */
  readonly says: (pattern: RegExp, timeoutMs?: number) => Promise<RegExpExecArray>
  readonly signal: (signal: NodeJS.Signals) => void
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
}

const defaultTimeoutMs = 60_000

/** Runs `<folder>/main.ts` with these settings and no others, and ends it with the test at the latest. */
export function spawnMain(
  t: Test,
  folder: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Spawned {
  const { DOTENV_CONFIG_PATH: _, ...inherited } = process.env
  const child = spawn(process.execPath, ['--import=tsx', `${folder}/main.ts`, ...args], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = endOf(child)
  t.teardown(async () => {
    child.kill('SIGTERM')
    const giveUp = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(giveUp)
  })
  let output = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const listener of listeners) listener()
    })
  }
  return {
    pid: child.pid ?? 0,
    output: () => output,
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
          reject(new Error(`${folder} ${why} before it said ${String(pattern)}; it said:\n${output}`))
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
    signal: (signal) => void child.kill(signal),
    ended,
  }
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return code ?? signal ?? 0
}

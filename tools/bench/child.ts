import { spawn } from 'node:child_process'
import { SetupError } from '../../internal/local/setup-error.ts'

/** One of our own processes, as an operator runs it. */
export type Child = {
  readonly pid: number
  /** Resolves with what `pattern` found in its output. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly stop: () => Promise<void>
  readonly ended: Promise<void>
}

/** Longer than a process gives itself. */
const patienceMs = 15_000
const keptOutput = 20_000

/** Runs cmd/<name>/main.ts, compiled, with these settings and no others. */
export function startChild(
  name: string,
  env: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): Child {
  const args = ['--enable-source-maps', ...nodeOptions, `dist/cmd/${name}/main.js`]
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
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
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(output)
          if (!found) return
          listeners.delete(look)
          resolve(found)
        }
        listeners.add(look)
        void ended.then(() => reject(new SetupError(`${name} has ended:\n${output.trim()}`)))
        look()
      }),
    async stop() {
      child.kill('SIGTERM')
      const insist = setTimeout(() => void child.kill('SIGKILL'), patienceMs)
      await ended
      clearTimeout(insist)
    },
  }
}

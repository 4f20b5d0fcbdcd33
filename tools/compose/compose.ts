import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Engine } from './find-engine.ts'

export type Compose = {
  /** Resolves with what it printed; throws when it fails or takes longer than `withinMs`. */
  readonly run: (args: readonly string[], withinMs: number) => Promise<string>
}

export type ComposeOptions = {
  readonly engine: Engine
  readonly project: string
  readonly files: readonly string[]
  /** Instead of the .env that may lie here. */
  readonly envFile: string
  /** For the variables of the files. */
  readonly settings: Readonly<Record<string, string>>
  readonly env: NodeJS.ProcessEnv
}

const mostOutput = 20_000

/** The compose command for one project of its own. */
export function openCompose({ engine, project, files, envFile, settings, env }: ComposeOptions): Compose {
  const [command, ...prefix] = engine.compose
  const common = [
    ...prefix,
    ...['--project-name', project, '--project-directory', '.', '--env-file', envFile],
    ...files.flatMap((file) => ['--file', file]),
  ]
  return {
    async run(args, withinMs) {
      const child = spawn(command, [...common, ...args], {
        env: { ...env, ...settings },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: withinMs,
        killSignal: 'SIGTERM',
      })
      let [output, errors] = ['', '']
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
      child.stderr
        .setEncoding('utf8')
        .on('data', (text: string) => (errors = (errors + text).slice(-mostOutput)))
      const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
      if (code === 0) return output
      const how = signal === null ? `ended with ${code}` : `took more than ${withinMs / 1_000} s`
      throw new Error(`compose ${args.join(' ')} ${how}\n${output.slice(-mostOutput)}${errors}`)
    },
  }
}

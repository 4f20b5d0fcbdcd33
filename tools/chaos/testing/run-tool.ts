import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'
import type { Result } from '../result.ts'

/** Runs `npm run chaos` with these options and one seed. Throws what it said when it ends before its verdict. */
export async function runTool(t: Test, options: readonly string[]): Promise<Result> {
  const args = ['scripts/run.mjs', 'tools/chaos/main.ts', ...options, '--json']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => child.kill())
  let [out, err] = ['', '']
  child.stdout.on('data', (piece) => (out += String(piece)))
  child.stderr.on('data', (piece) => (err += String(piece)))
  await once(child, 'close')
  const line = out.trim().split('\n').at(-1) ?? ''
  if (!line.startsWith('{')) throw new Error(err.slice(-3_000))
  const { results } = JSON.parse(line) as { readonly results: readonly [Result] }
  return results[0]
}

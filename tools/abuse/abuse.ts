import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'
import type { Abuse, AbuseState } from './abuse-process.ts'

export type { Abuse } from './abuse-process.ts'

/**
 * Starts the abuse in a process of its own, which ends with the test. Returns a function that tells its latest state.
 */
export function startAbuse(
  t: Test,
  url: string,
  how: Partial<Abuse> & { readonly connections: number },
): () => AbuseState {
  const program = new URL('./abuse-process.ts', import.meta.url)
  const child = fork(program, { execArgv: ['--import=tsx'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ended = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ended
  })
  let state: AbuseState = { connected: 0, closed: 0, failed: 0, heard: '' }
  child.on('message', (told: AbuseState) => (state = told))
  const { hostname: host, port } = new URL(url)
  const usual = { addresses: [''], opening: '', drip: '', everyMs: 500, reads: true }
  child.send({ host, port: Number(port), ...usual, ...how })
  return () => state
}

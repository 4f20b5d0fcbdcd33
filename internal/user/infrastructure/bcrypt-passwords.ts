import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import { Refusal } from '../../platform/refusal.ts'
import type { Scope } from '../../platform/run.ts'
import type { Passwords } from '../application/passwords.ts'
import type { PasswordTask } from './password-worker.ts'

/** At 55 ms each (cost 10) the last one waits for some 3 s, which is within the time that the gateway waits for an answer. */
const maxWaitingPerThread = 60

/** Below the event loop's priority: logins take what orders leave. */
const niceIncrement = 5

export function bcryptPasswords(scope: Scope, cost: number): Passwords {
  const threads = availableParallelism()
  const pool = new Piscina<PasswordTask, string | boolean>({
    filename: workerUrl(),
    name: 'runPasswordTask',
    maxThreads: threads,
    minThreads: 1,
    maxQueue: threads * maxWaitingPerThread,
    niceIncrement,
    recordTiming: false,
  })
  scope.onClose('password threads', () => pool.destroy())
  const run = async (task: PasswordTask): Promise<string | boolean> => {
    if (pool.queueSize >= pool.options.maxQueue) throw overloaded()
    return pool.run(task)
  }
  return {
    hash: async (password) => String(await run({ kind: 'hash', password, cost })),
    matches: async (password, hash) => (await run({ kind: 'compare', password, hash })) === true,
  }
}

/** Beside this file, and compiled like it: .ts under tsx, .js in dist. */
function workerUrl(): string {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
  return new URL(`./password-worker${extension}`, import.meta.url).href
}

function overloaded(): Refusal {
  return new Refusal('unavailable', 'overloaded', 'too many are logging in; try again in a moment')
}

import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import { Refusal } from '../../platform/refusal.ts'
import type { Scope } from '../../platform/run.ts'
import type { Passwords } from '../application/passwords.ts'

export type PasswordTask =
  | { readonly kind: 'hash'; readonly password: string; readonly cost: number }
  | { readonly kind: 'compare'; readonly password: string; readonly hash: string }

/**
 * With the default cost the last one waits for a few seconds even on a busy machine, which is less than the gateway
 * waits.
 */
const maxWaitingPerThread = 40

/** The priority is below that of the event loop, so that logins do not slow down orders. */
const niceIncrement = 10

export function bcryptPasswords(scope: Scope, cost: number): Passwords {
  const threads = availableParallelism()
  const pool = new Piscina<PasswordTask, string | boolean>({
    filename: new URL('./password-worker.mjs', import.meta.url).href,
    name: 'runPasswordTask',
    maxThreads: threads,
    minThreads: 1,
    maxQueue: threads * maxWaitingPerThread,
    niceIncrement,
    recordTiming: false,
    execArgv: [],
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

function overloaded(): Refusal {
  return new Refusal('unavailable', 'overloaded', 'too many are logging in; try again in a moment')
}

import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import { Refusal } from '../../platform/refusal.ts'
import type { Scope } from '../../platform/run.ts'
import type { Passwords } from '../application/passwords.ts'
import { argon2Cost, kindBy, kindOf, type PasswordPolicy } from './password-kind.ts'

export type PasswordTask =
  | { readonly kind: 'hash with bcrypt'; readonly password: string; readonly cost: number }
  | { readonly kind: 'hash with argon2id'; readonly password: string; readonly cost: typeof argon2Cost }
  | { readonly kind: 'compare'; readonly password: string; readonly hash: string }

/**
 * With the default cost the last one waits for a few seconds even on a busy machine, which is less than the gateway
 * waits.
 */
const maxWaitingPerThread = 40

/** The priority is below that of the event loop, so that logins do not slow down orders. */
const niceIncrement = 10

export function piscinaPasswords(scope: Scope, policy: PasswordPolicy): Passwords {
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
  const today = kindBy(policy)
  return {
    hash: async (password) => String(await run(hashing(password, policy))),
    matches: async (password, hash) => (await run({ kind: 'compare', password, hash })) === true,
    isOutdated: (hash) => kindOf(hash) !== today,
  }
}

const hashing = (password: string, { algorithm, bcryptCost }: PasswordPolicy): PasswordTask =>
  algorithm === 'bcrypt'
    ? { kind: 'hash with bcrypt', password, cost: bcryptCost }
    : { kind: 'hash with argon2id', password, cost: argon2Cost }

function overloaded(): Refusal {
  return new Refusal('unavailable', 'overloaded', 'too many are logging in; try again in a moment')
}

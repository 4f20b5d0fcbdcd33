import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { NotExercised } from '../not-exercised.ts'
import type { Runner } from '../runner-port.ts'
import type { Fault, Field } from '../field.ts'
import type { Random } from '../../shared/random.ts'
import { isGone, waitFor } from '../wait.ts'

type Victim = (field: Field, random: Random) => Runner

export const aService: Victim = ({ services }, random) => random.pick(services)
export const theNats: Victim = ({ nats }) => nats
export const thePostgres: Victim = ({ postgres }) => postgres
export const theProvider: Victim = ({ provider }) => provider
/** One of the processes that have the payments. */
export const thePayments: Victim = ({ services }, random) =>
  random.pick(services.filter(({ service }) => service === 'payment' || service === 'stack'))
/** The process that sends mails and webhooks. */
export const theNotifier: Victim = ({ services }, random) =>
  random.pick(services.filter(({ service }) => service === 'notification' || service === 'stack'))
/** The process that has the search. */
export const theSearch: Victim = ({ services }, random) =>
  random.pick(services.filter(({ service }) => service === 'search' || service === 'stack'))
export const theInbox: Victim = ({ messages }) => {
  if (!messages) throw new NotExercised('nobody gets mails')
  return messages.inbox
}

const mostAwayMs = 1_500

/** Ends a process by a signal, waits for a moment and starts it again. */
export const endBy =
  (signal: NodeJS.Signals, victim: Victim): Fault =>
  async (field, random) => {
    const runner = victim(field, random)
    const pid = await pidOf(runner)
    const startedAt = performance.now()
    await runner.end(signal)
    const tookMs = Math.round(performance.now() - startedAt)
    if (!isGone(pid)) throw new NotExercised(`${runner.name} (${pid}) is still there`)
    await sleep(random.integer(0, mostAwayMs))
    await runner.start()
    return `${runner.name} (${pid}) was gone ${tookMs} ms after ${signal}; it is ${runner.pid() ?? 0} now`
  }

/** The pauses are mostly short and sometimes as long as 15 s. */
const pauseMs = (random: Random): number => Math.round(1_000 + 14_000 * random.next() ** 3)

export const pause =
  (victim: Victim): Fault =>
  async (field, random) => {
    const runner = victim(field, random)
    const pid = await pidOf(runner)
    const pids = runner === field.postgres ? await field.postgres.pids() : [pid]
    const ms = pauseMs(random)
    for (const each of pids) send(each, 'SIGSTOP')
    try {
      const state = await stateOf(pid)
      if (!state.startsWith('T'))
        throw new NotExercised(`${runner.name} (${pid}) is not stopped but ${state}`)
      await sleep(ms)
    } finally {
      for (const each of [...pids].reverse()) send(each, 'SIGCONT')
    }
    return `${runner.name} (${pids.length} processes) was stopped, state T, for ${ms} ms`
  }

/** Sends a signal to a process that may have ended by now, as sessions of PostgreSQL do. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // the process has ended by itself
  }
}

async function stateOf(pid: number): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(pid)])
  return stdout.trim()
}

/** Waits for the process id, because another fault may have ended the process, which is then being started again. */
export const pidOf = (runner: Runner): Promise<number> =>
  waitFor(`${runner.name} runs`, 60_000, () => runner.pid())

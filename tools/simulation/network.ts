import { Refusal } from '../../internal/platform/refusal.ts'
import type { ArmedFaults } from './armed-faults.ts'
import { arriveAt, latencyOf, type Process } from './process.ts'
import type { World } from './world.ts'

/** How long a caller waits for another process. A later answer is ignored. */
const patienceMs = 5_000

export type Database = {
  /** The time until which the database does not answer. */
  awayUntil: number
  /** How long the last effect takes to commit. Until then its events are not visible and its caller gets no answer. */
  readonly commitMs: () => number
}

type Deps = {
  readonly world: World
  readonly faults: ArmedFaults
  readonly database: Database
  readonly kill: (process: Process) => void
}

type Effect<Answer> = {
  readonly process: Process
  readonly label: string
  readonly run: () => Promise<Answer> | Answer
  /** What the effect is about, for the history. */
  readonly about?: unknown
}

type Called<Answer> = {
  readonly caller: Process
  readonly label: string
  /** Returns a process that takes the call. */
  readonly callee: () => Process | undefined
  readonly work: (callee: Process) => Promise<Answer>
}

export type Network = {
  /** An atomic effect on a store, which is remote for the process that asks for it. */
  readonly ask: <Answer>(effect: Effect<Answer>) => Promise<Answer>
  /** Makes each method of a port a remote one. */
  readonly over: <Port extends object>(process: Process, name: string, port: Port) => Port
  /** A call to another process. */
  readonly call: <Answer>(called: Called<Answer>) => Promise<Answer>
}

export function newNetwork(deps: Deps): Network {
  return {
    ask: (effect) =>
      new Promise((resolve, reject) => {
        send(deps, effect, resolve, reject)
      }),
    over(process, name, port) {
      const methods = Object.entries(port).map(([method, run]: [string, (...args: unknown[]) => unknown]) => {
        const ask = (...args: unknown[]) =>
          new Promise((resolve, reject) => {
            const effect = { process, label: `${name}.${method}`, run: () => run(...args), about: args }
            send(deps, effect, resolve, reject)
          })
        return [method, ask]
      })
      return Object.fromEntries(methods) as typeof port // the same methods, but remote
    },
    call: (called) =>
      new Promise((resolve, reject) => {
        sendCall(deps, called, resolve, reject)
      }),
  }
}

type Resolve<Answer> = (answer: Answer) => void
type Reject = (err: Error) => void

function send<Answer>(
  { world, faults, database, kill }: Deps,
  { process, label, run, about }: Effect<Answer>,
  resolve: Resolve<Answer>,
  reject: Reject,
): void {
  const travelMs = (): number => latencyOf(world, process, label)
  const fail = (err: Error): void => arriveAt(world, process, travelMs(), () => reject(err))
  const commit = (): void => {
    world.tell(process.name, () => `${label} ${idsIn(about)}`)
    // The effect is atomic because it does everything before its first await.
    Promise.resolve()
      .then(run)
      .then((answer) => {
        if (faults.strikes('crash after an effect', process)) {
          kill(process)
          return
        }
        const isLost = faults.strikes('lost answer', process)
        const backMs = database.commitMs() + travelMs()
        arriveAt(world, process, backMs, () => (isLost ? reject(databaseIsAway()) : resolve(answer)))
      })
      .catch((err: unknown) => fail(err as Error)) // only errors are thrown here
  }
  if (!process.alive) return
  if (faults.strikes('crash before an effect', process)) {
    kill(process)
    return
  }
  world.time.after(travelMs(), () => {
    // A request that a dying process has sent may still arrive.
    if (!process.alive && world.random('last words').chance(0.5)) return
    if (database.awayUntil > world.time.now()) fail(databaseIsAway())
    else if (faults.strikes('failed call', process)) fail(databaseIsAway())
    else if (faults.strikes('bug', process)) fail(new Error('a bug'))
    else commit()
  })
}

function sendCall<Answer>(
  { world }: Deps,
  { caller, label, callee, work }: Called<Answer>,
  resolve: Resolve<Answer>,
  reject: Reject,
): void {
  if (!caller.alive) return
  const timeout = world.time.after(patienceMs, () =>
    arriveAt(world, caller, 0, () => reject(serviceIsAway())),
  )
  const answer = (settle: () => void): void =>
    arriveAt(world, caller, latencyOf(world, caller, label), () => {
      timeout.cancel()
      settle()
    })
  world.time.after(latencyOf(world, caller, label), () => {
    const target = callee()
    if (!target) {
      answer(() => reject(serviceIsAway()))
      return
    }
    arriveAt(world, target, 0, () => {
      work(target).then(
        (result) => {
          if (target.alive) answer(() => resolve(result))
        },
        (err: unknown) => answer(() => reject(acrossTheWire(err))),
      )
    })
  })
}

const databaseIsAway = (): Refusal =>
  new Refusal('unavailable', 'database.unavailable', 'the database is away')
const serviceIsAway = (): Refusal =>
  new Refusal('unavailable', 'service.unavailable', 'the service does not answer')

/** Does the same as internal/platform/rpc.ts: a refusal is passed on, of a bug only the fact that it was one. */
function acrossTheWire(err: unknown): Error {
  return err instanceof Refusal ? err : new Refusal('internal', 'internal', 'internal error')
}

/** The ids that an effect was about, for the history. */
function idsIn(about: unknown): string {
  const text = JSON.stringify(about ?? '', (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  const ids = text.match(/[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? []
  return [...new Set(ids)].slice(0, 8).join(' ')
}

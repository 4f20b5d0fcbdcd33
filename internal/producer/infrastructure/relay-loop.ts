import type { Log } from '../../platform/log.ts'
import type { Signal } from '../../platform/signal.ts'
import { relayBatch, type Relayed } from '../application/relay-outbox.ts'
import type { LaneLocks } from './lane-locks.ts'
import type { WatchedServer } from './watched-server.ts'

/** Without a wake-up an event waits this long at the most. */
const pollMs = 25
/** While the broker does not take something, and after a fault of the database. */
const pauseMs = 250
/** Of a family that the broker does not take; over when the pause is, by whichever clock. */
const restMs = 200
/** How often the streams are looked at when all is well. */
const watchEveryMs = 2_000
/** A second's work at full speed. Every look at what is unpublished passes by what has been published since the last vacuum. */
const tidyEvery = 10_000

export type RelayLoop = {
  /** Passes by the families in `except`. */
  readonly relay: (lanes: readonly number[], except: readonly string[]) => Promise<Relayed>
  readonly watch: () => Promise<readonly string[]>
  /** Makes room for what has been published. */
  readonly tidy: () => Promise<void>
  readonly locks: LaneLocks
  readonly wake: Signal
  readonly server: WatchedServer
  readonly log: Log
}

type State = {
  watchedAt: number
  untidy: number
  /** The last trouble that was logged, as long as it lasts. */
  reported: string
  /** Families that the broker does not take, and until when they are passed by. */
  readonly resting: Map<string, number>
}

/** Relays until `stopped`, then makes a last pass, so that a clean stop leaves nothing behind that could be published. */
export async function runRelayLoop(loop: RelayLoop, stopped: AbortSignal): Promise<void> {
  const state: State = { watchedAt: -Infinity, untidy: 0, reported: '', resting: new Map() }
  while (!stopped.aborted) {
    const isLeftWith = await attempt(loop, state, () => turn(loop, state))
    if (isLeftWith === 'nothing') await loop.wake.wait(pollMs)
    if (isLeftWith === 'trouble') await pause(pauseMs)
  }
  await attempt(loop, state, () => lastPass(loop, state))
}

/** What is to do next: more at once, to wait until there is something, or to wait until the trouble may be over. */
type LeftWith = 'more' | 'nothing' | 'trouble'

async function attempt(loop: RelayLoop, state: State, work: () => Promise<LeftWith>): Promise<LeftWith> {
  try {
    return await work()
  } catch (err) {
    const trouble = String(err)
    if (trouble !== state.reported) loop.log.error({ err }, 'the relay failed; it goes on')
    state.reported = trouble
    state.watchedAt = -Infinity // a missing stream may be the reason
    return 'trouble'
  }
}

/**
 * One pass. What one stream does not take rests for a while, and the next pass goes on at once with what is left. While
 * something rests, the reading passes by all of its rows, so it is not repeated sooner than the trouble may be over.
 */
async function turn(loop: RelayLoop, state: State): Promise<LeftWith> {
  const now = performance.now()
  for (const [family, until] of state.resting) if (until <= now) state.resting.delete(family)
  const resting = [...state.resting.keys()]
  const { found, published, backPressure, stuck } = await pass(loop, state, resting)
  for (const family of stuck) state.resting.set(family, performance.now() + restMs)
  await tidyAfter(loop, state, published)
  if (backPressure) {
    const isNew = stuck.some((family) => !resting.includes(family))
    return isNew && loop.server.isCurrent() ? 'more' : 'trouble'
  }
  if (found >= relayBatch) return 'more'
  return resting.length > 0 ? 'trouble' : 'nothing'
}

/** Leaves only what the broker does not take. */
async function lastPass(loop: RelayLoop, state: State): Promise<LeftWith> {
  for (let except: readonly string[] = []; ;) {
    const { stuck } = await pass(loop, state, except)
    const more = stuck.filter((family) => !except.includes(family))
    if (more.length === 0) return 'nothing'
    except = [...except, ...more]
  }
}

async function tidyAfter(loop: RelayLoop, state: State, published: number): Promise<void> {
  state.untidy += published
  if (state.untidy < tidyEvery) return
  state.untidy = 0
  await loop.tidy()
}

async function pass(loop: RelayLoop, state: State, except: readonly string[]): Promise<Relayed> {
  const lanes = await loop.locks.owned()
  if (lanes.length === 0) return { found: 0, published: 0, backPressure: undefined, stuck: [] }
  await watchIfDue(loop, state)
  const relayed = await loop.relay(lanes, except)
  const { backPressure } = relayed
  if (backPressure) {
    state.watchedAt = -Infinity // a missing stream may be the reason
    if (backPressure !== state.reported)
      loop.log.warn(
        { backPressure, of: relayed.stuck },
        'the broker does not take everything; the outbox keeps it',
      )
    state.reported = backPressure
  } else if (except.length === 0) state.reported = ''
  return relayed
}

async function watchIfDue(loop: RelayLoop, state: State): Promise<void> {
  const { server } = loop
  const isDue = !server.isCurrent() || performance.now() - state.watchedAt > watchEveryMs
  if (!isDue || !server.isConnected()) return
  for (const stream of await server.look(loop.watch))
    loop.log.warn({ stream }, 'the broker lost its store; publishing again')
  state.watchedAt = performance.now()
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

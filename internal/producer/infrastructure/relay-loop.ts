import type { Log } from '../../platform/log.ts'
import type { Signal } from '../../platform/signal.ts'
import { relayBatch, type Relayed } from '../application/relay-outbox.ts'
import type { LaneLocks } from './lane-locks.ts'
import type { WatchedServer } from './watched-server.ts'

/** The longest time that an event waits when no wake-up arrives. */
const pollMs = 25
/** The pause while the broker cannot take some events, and after a fault of the database. */
const pauseMs = 250
/**
 * How long a family that the broker cannot take is skipped. This ends before the pause does, so each pause is enough.
 */
const restMs = 200
/** How often the streams are checked when all is well. */
const watchEveryMs = 2_000
/**
 * The number of published events after which the table is vacuumed, about a second's work at full speed. Until then
 * every read of the unpublished events has to pass by the dead rows of the published ones.
 */
const tidyEvery = 10_000

export type RelayLoop = {
  /** Publishes what is due in these lanes, except the families in `except`. */
  readonly relay: (lanes: readonly number[], except: readonly string[]) => Promise<Relayed>
  readonly watch: () => Promise<readonly string[]>
  /** Removes the dead rows of published events. */
  readonly tidy: () => Promise<void>
  readonly locks: LaneLocks
  readonly wake: Signal
  readonly server: WatchedServer
  /** The families that the broker cannot take now, with the reason, for whoever asks for the producer's health. */
  readonly stuck: Map<string, string>
  readonly log: Log
}

type State = {
  watchedAt: number
  untidy: number
  /** The trouble that was logged and still lasts; empty when there is none. */
  reported: string
  /** The families that the broker cannot take, with the time until which they are skipped. */
  readonly resting: Map<string, number>
}

/**
 * Relays until `stopped` and then makes a last pass, so that a clean stop leaves nothing that could have been
 * published.
 */
export async function runRelayLoop(loop: RelayLoop, stopped: AbortSignal): Promise<void> {
  const state: State = { watchedAt: -Infinity, untidy: 0, reported: '', resting: new Map() }
  while (!stopped.aborted) {
    const isLeftWith = await attempt(loop, state, () => turn(loop, state))
    if (isLeftWith === 'nothing') await loop.wake.wait(pollMs)
    if (isLeftWith === 'trouble') await pause(pauseMs)
  }
  await attempt(loop, state, () => lastPass(loop, state))
}

/** What a turn leaves: more to do at once, nothing until there is a new event, or trouble that may need some time. */
type LeftWith = 'more' | 'nothing' | 'trouble'

async function attempt(loop: RelayLoop, state: State, work: () => Promise<LeftWith>): Promise<LeftWith> {
  try {
    return await work()
  } catch (err) {
    const trouble = String(err)
    if (trouble !== state.reported) loop.log.error({ err }, 'a pass of the relay failed; it tries again')
    state.reported = trouble
    state.watchedAt = -Infinity // a missing stream may be the reason
    return 'trouble'
  }
}

/**
 * One pass. A family that its stream cannot take rests for a while, and the next pass goes on at once with the others.
 * While a family rests, each read has to pass by all of its rows. So when there is nothing else to publish, the next
 * read waits until the trouble may be over.
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

/** Publishes until only events are left that the broker cannot take. */
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
  for (const family of loop.stuck.keys()) if (!except.includes(family)) loop.stuck.delete(family)
  for (const family of relayed.stuck) loop.stuck.set(family, backPressure ?? '')
  if (backPressure) {
    state.watchedAt = -Infinity // a missing stream may be the reason
    if (backPressure !== state.reported)
      loop.log.warn(
        { backPressure, of: relayed.stuck },
        'the broker cannot take some events; the outbox keeps them',
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
    loop.log.warn({ stream }, 'a stream lost messages; its events are published again')
  state.watchedAt = performance.now()
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

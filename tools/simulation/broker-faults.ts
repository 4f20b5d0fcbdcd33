import { streams, type StreamName } from '../../internal/platform/streams.ts'
import { dispatchAll, lookForMissing, reconnect, restart, type BrokerState } from './broker-state.ts'
import { copyOf } from './jetstream.ts'
import type { Process } from './process.ts'

/** Each fault returns whether there was anything to break. */
export type BrokerFaults = {
  readonly goAway: (ms: number) => void
  readonly cutOff: (process: Process, ms: number) => void
  readonly wipe: () => void
  readonly keepCopy: () => void
  readonly putBack: () => boolean
  readonly deleteStream: (name: StreamName) => boolean
  readonly deleteDurables: (name: StreamName) => boolean
  readonly fill: (ms: number) => void
  readonly redeliver: () => boolean
  readonly shuffle: (ms: number) => void
  readonly heal: () => void
}

const longestStartMs = 1_500

export function brokerFaults(state: BrokerState): BrokerFaults {
  const { random } = state
  const { now } = state.world.time
  return {
    goAway: (ms) => restart(state, ms),
    cutOff: (process, ms) => reconnect(state, process, ms),
    wipe() {
      state.store = new Map()
      restart(state, random.integer(0, longestStartMs))
    },
    keepCopy: () => void (state.copy = copyOf(state.store)),
    putBack() {
      if (!state.copy) return false
      state.store = copyOf(state.copy)
      restart(state, random.integer(0, longestStartMs))
      return true
    },
    deleteStream(name) {
      lookForMissing(state, 0)
      return state.store.delete(name)
    },
    deleteDurables(name) {
      const durables = state.store.get(name)?.durables
      const isAny = (durables?.size ?? 0) > 0
      durables?.clear()
      lookForMissing(state, 0)
      return isAny
    },
    fill(ms) {
      state.fullUntil = now() + ms
      state.full = random.chance(0.5) ? random.pick(streams).name : undefined
    },
    redeliver: () => redeliverAll(state),
    shuffle: (ms) => void (state.shuffledUntil = now() + ms),
    heal() {
      const awayUntil = Math.min(state.awayUntil, now())
      Object.assign(state, { awayUntil, fullUntil: 0, shuffledUntil: 0 })
    },
  }
}

/** Acts as if every ack_wait had ended at once, so that messages that are being handled are delivered again. */
function redeliverAll(state: BrokerState): boolean {
  const now = state.world.time.now()
  let count = 0
  for (const { durables } of state.store.values()) {
    for (const { pending } of durables.values()) {
      for (const [seq, message] of pending) pending.set(seq, { ...message, dueAt: now })
      count += pending.size
    }
  }
  dispatchAll(state)
  return count > 0
}

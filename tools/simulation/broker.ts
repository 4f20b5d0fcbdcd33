import { familyOf, type StreamName } from '../../internal/platform/streams.ts'
import { brokerFaults, type BrokerFaults } from './broker-faults.ts'
import {
  dispatch,
  dispatchAll,
  hasDurable,
  isConnected,
  isUp,
  reconnect,
  serverOf,
  type BrokerState,
  type Puller,
} from './broker-state.ts'
import {
  acknowledgeIn,
  delayIn,
  ensureDurableIn,
  ensureStreamIn,
  streamIn,
  publishTo,
  type Published,
  type Stream,
  type Unstored,
} from './jetstream.ts'
import type { Process } from './process.ts'
import type { World } from './world.ts'

export type Broker = {
  /** The id of the server, which is another one after each start. */
  readonly server: () => string
  readonly isUp: () => boolean
  readonly isFull: (subject: string) => boolean
  readonly streams: () => ReadonlyMap<StreamName, Stream>
  readonly ensureStream: (name: StreamName) => Stream
  readonly ensureDurable: (stream: StreamName, name: string, filter: string, ackWaitMs: number) => void
  readonly publish: (message: Unstored) => Published
  readonly acknowledge: (stream: StreamName, durable: string, seq: number) => void
  readonly delay: (stream: StreamName, durable: string, seq: number, delayMs: number) => void
  /** Returns a function that ends the pull. Throws when there is no such durable. */
  readonly attach: (puller: Puller) => () => void
  /** True while the process would get messages, or else heartbeats. */
  readonly speaksTo: (puller: Puller) => boolean
  /** Connects a process, and again whenever the connection is lost. Buffered messages are sent then. */
  readonly connect: (process: Process) => void
  readonly isConnected: (process: Process) => boolean
  /** Lets processes that had stopped asking for messages ask again. */
  readonly handOut: () => void
  readonly faults: BrokerFaults
}

export function newBroker(world: World): Broker {
  const state: BrokerState = {
    world,
    random: world.random('broker'),
    ...{ store: new Map(), copy: undefined, births: 0, starts: 1 },
    ...{ awayUntil: 0, fullUntil: 0, full: undefined, shuffledUntil: 0 },
    ...{ pullers: new Set(), clients: new Set() },
  }
  const { now, after } = world.time
  const ensureStream = (name: StreamName): Stream =>
    ensureStreamIn(state.store, name, () => `birth ${++state.births}`)
  return {
    server: () => serverOf(state),
    isUp: () => isUp(state),
    isFull: (subject) =>
      state.fullUntil > now() && (!state.full || subject.startsWith(`${familyOf(state.full)}.`)),
    streams: () => state.store,
    ensureStream,
    ensureDurable: (stream, name, filter, ackWaitMs) =>
      ensureDurableIn(streamIn(state.store, stream), name, filter, ackWaitMs),
    publish(message) {
      const published = publishTo(state.store, message, now())
      if (published.kind === 'stored' && published.duplicate) world.count('duplicate publication')
      after(0, () => dispatchAll(state))
      return published
    },
    acknowledge(stream, durable, seq) {
      acknowledgeIn(state.store, stream, durable, seq)
      after(0, () => dispatch(state, stream, durable))
    },
    delay(stream, durable, seq, delayMs) {
      delayIn(state.store, stream, durable, seq, now() + delayMs)
      after(delayMs + 1, () => dispatch(state, stream, durable))
    },
    attach(puller) {
      if (!hasDurable(state, puller)) throw new Error('consumer not found')
      state.pullers.add(puller)
      dispatch(state, puller.stream, puller.durable)
      return () => void state.pullers.delete(puller)
    },
    speaksTo: (puller) => isConnected(state, puller.process) && hasDurable(state, puller),
    connect(process) {
      state.clients.add(process)
      reconnect(state, process, 0)
    },
    isConnected: (process) => isConnected(state, process),
    handOut: () => dispatchAll(state),
    faults: brokerFaults(state),
  }
}

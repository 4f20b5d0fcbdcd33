import type { StreamName } from '../../internal/platform/streams.ts'
import { takeNext, type Handed, type Store } from './jetstream.ts'
import { arriveAt, latencyOf, type Process } from './process.ts'
import type { Random } from '../shared/random.ts'
import type { World } from './world.ts'

/** A consumer process that asks for a durable's messages. */
export type Puller = {
  readonly process: Process
  readonly stream: StreamName
  readonly durable: string
  readonly onMessage: (handed: Handed) => void
  /** Is called when the durable that it waits for no longer exists. */
  readonly onMissing: () => void
}

export type BrokerState = {
  readonly world: World
  readonly random: Random
  store: Store
  /** The copy of the store that a fault may put back. */
  copy: Store | undefined
  births: number
  starts: number
  awayUntil: number
  fullUntil: number
  /** The stream that is full; undefined when all of them are. */
  full: StreamName | undefined
  shuffledUntil: number
  readonly pullers: Set<Puller>
  readonly clients: Set<Process>
}

/** How long a client takes to notice a missing durable, by the heartbeats that do not come. */
const noticeMs = { min: 300, max: 2_500 }
/** A pull request ends after this time, and a stalled process makes no new one. */
const pullExpiresMs = 5_000
const longestShuffleMs = 800
const longestReconnectMs = 900
/** More messages than any durable may have unacknowledged. */
const mostAtOnce = 64

export const serverOf = ({ starts }: BrokerState): string => `server ${starts}`
export const isUp = ({ world, awayUntil }: BrokerState): boolean => world.time.now() >= awayUntil

export const isConnected = (state: BrokerState, process: Process): boolean =>
  process.alive && isUp(state) && process.server === serverOf(state)

/** Delivers the messages that are due to the processes that ask for them. */
export function dispatch(state: BrokerState, name: StreamName, durable: string): void {
  const { world, random } = state
  const stream = state.store.get(name)
  const waiting = stream?.durables.get(durable)
  if (!stream || !waiting || !isUp(state)) return
  const asking = [...state.pullers].filter((each) => each.stream === name && each.durable === durable)
  for (let turn = 0; turn < mostAtOnce; turn++) {
    const ready = asking.filter(({ process }) => isAsking(state, process))
    const handed = ready.length > 0 ? takeNext(world, stream, waiting) : undefined
    if (!handed) return
    const puller = random.pick(ready)
    world.tell('broker', () => `${durable} ${handed.message.seq} → ${puller.process.name}`)
    send(state, puller, handed)
    world.time.after(waiting.ackWaitMs + 1, () => dispatch(state, name, durable))
  }
}

function send(state: BrokerState, puller: Puller, handed: Handed): void {
  const { world, random } = state
  const { process } = puller
  const { server } = process
  const shuffledMs = state.shuffledUntil > world.time.now() ? random.integer(0, longestShuffleMs) : 0
  arriveAt(world, process, shuffledMs + latencyOf(world, process, 'delivery'), () => {
    if (state.pullers.has(puller) && process.server === server) puller.onMessage(handed)
  })
}

function isAsking(state: BrokerState, process: Process): boolean {
  const now = state.world.time.now()
  const isStalled = process.stalledUntil > now && now - process.stalledSince > pullExpiresMs
  return !process.stopping && isConnected(state, process) && !isStalled
}

export function dispatchAll(state: BrokerState): void {
  for (const { name, durables } of state.store.values()) {
    for (const durable of durables.keys()) dispatch(state, name, durable)
  }
}

export function reconnect(state: BrokerState, process: Process, fromMs: number): void {
  const { world, random } = state
  process.server = ''
  arriveAt(world, process, fromMs + random.integer(1, longestReconnectMs), () => {
    if (!isUp(state)) {
      reconnect(state, process, state.awayUntil - world.time.now())
      return
    }
    process.server = serverOf(state)
    dispatchAll(state)
  })
}

/** Breaks all connections. A process whose durable is gone notices it after a while; the others go on. */
export function restart(state: BrokerState, awayMs: number): void {
  state.starts++
  state.awayUntil = Math.max(state.awayUntil, state.world.time.now() + awayMs)
  for (const client of state.clients) {
    if (client.alive) reconnect(state, client, awayMs)
    else state.clients.delete(client)
  }
  lookForMissing(state, awayMs)
}

export function lookForMissing(state: BrokerState, fromMs: number): void {
  const { world, random, pullers } = state
  for (const puller of pullers) {
    arriveAt(world, puller.process, fromMs + random.integer(noticeMs.min, noticeMs.max), () => {
      if (hasDurable(state, puller) || !isUp(state)) return
      if (pullers.delete(puller)) puller.onMissing()
    })
  }
}

export const hasDurable = (state: BrokerState, { stream, durable }: Puller): boolean =>
  state.store.get(stream)?.durables.has(durable) ?? false

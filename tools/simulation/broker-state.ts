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
  /** What it waits for is not there any more. */
  readonly onMissing: () => void
}

export type BrokerState = {
  readonly world: World
  readonly random: Random
  store: Store
  /** What was kept, to be put back. */
  copy: Store | undefined
  births: number
  starts: number
  awayUntil: number
  fullUntil: number
  /** The stream that is full; undefined: all are. */
  full: StreamName | undefined
  shuffledUntil: number
  readonly pullers: Set<Puller>
  readonly clients: Set<Process>
}

/** A client notices a missing consumer by missed heartbeats. */
const noticeMs = { min: 300, max: 2_500 }
/** A pull request ends by then, and a stalled process makes no new one. */
const pullExpiresMs = 5_000
const longestShuffleMs = 800
const longestReconnectMs = 900
/** More than any durable may have unacknowledged. */
const mostAtOnce = 64

export const serverOf = ({ starts }: BrokerState): string => `server ${starts}`
export const isUp = ({ world, awayUntil }: BrokerState): boolean => world.time.now() >= awayUntil

export const isConnected = (state: BrokerState, process: Process): boolean =>
  process.alive && isUp(state) && process.server === serverOf(state)

/** Hands out what may be handed out, to whoever asks for it. */
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

/** Connections break; who waits for what is gone is told in time, the others go on. */
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

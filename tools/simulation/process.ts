import type { simulatedProcesses } from '../shared/constellation.ts'
import type { World } from './world.ts'

export type ProcessKind = keyof typeof simulatedProcesses | 'client'

/** One life of a process. After a crash its name lives on in another one. */
export type Process = {
  readonly name: string
  readonly kind: ProcessKind
  /** Aborted when it is told to stop, and when it is killed, so that loops of the dead come to an end. */
  readonly stop: AbortController
  alive: boolean
  /** Told to stop: it finishes what it has in hand. */
  stopping: boolean
  stalledSince: number
  stalledUntil: number
  slowUntil: number
  /** How far its clock is off. */
  clockMs: number
  /** Its session is gone, with the lanes' locks, and until then it does not know. */
  locksLostUntil: number
  /** The broker's server that it is connected to; empty: none. */
  server: string
}

export function newProcess(name: string, kind: ProcessKind): Process {
  return {
    name,
    kind,
    stop: new AbortController(),
    alive: true,
    stopping: false,
    stalledSince: 0,
    stalledUntil: 0,
    slowUntil: 0,
    clockMs: 0,
    locksLostUntil: 0,
    server: '',
  }
}

/** How long a message to or from a process takes: mostly next to nothing, now and then long enough to be overtaken. */
export function latencyOf(world: World, process: Process, label: string): number {
  const random = world.random(`latency ${process.name} ${label}`)
  const slow = process.slowUntil > world.time.now() ? random.integer(0, 2_500) : 0
  const lot = random.next()
  if (lot < 0.75) return slow + random.integer(0, 2)
  return slow + (lot < 0.97 ? random.integer(2, 25) : random.integer(25, 400))
}

/** Lets the process go on later, if it lives then; a stalled one when it is continued. */
export function arriveAt(world: World, process: Process, ms: number, goOn: () => void): void {
  world.time.after(ms, () => {
    if (!process.alive) return
    const wait = process.stalledUntil - world.time.now()
    if (wait > 0) arriveAt(world, process, wait, goOn)
    else goOn()
  })
}

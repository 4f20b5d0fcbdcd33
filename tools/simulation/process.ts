import { setMaxListeners } from 'node:events'
import type {
  simulatedCarts,
  simulatedProcesses,
  simulatedTelling,
  simulatedTill,
} from '../shared/constellation.ts'
import type { World } from './world.ts'

export type ProcessKind =
  | keyof typeof simulatedProcesses
  | keyof typeof simulatedTill
  | keyof typeof simulatedCarts
  | keyof typeof simulatedTelling
  | 'client'

/** One life of a process. After a crash another one with the same name is started. */
export type Process = {
  readonly name: string
  readonly kind: ProcessKind
  /** Aborted when the process is told to stop, and also when it is killed, so that its loops end. */
  readonly stop: AbortController
  alive: boolean
  /** True when the process was told to stop and finishes its work. */
  stopping: boolean
  stalledSince: number
  stalledUntil: number
  slowUntil: number
  /** By how much its clock is wrong. */
  clockMs: number
  /** Until this time the process does not know that its session is gone, and with it the locks of its lanes. */
  locksLostUntil: number
  /** The id of the broker's server that it is connected to; empty when there is none. */
  server: string
}

export function newProcess(name: string, kind: ProcessKind): Process {
  const stop = new AbortController()
  setMaxListeners(0, stop.signal) // each loop of the process is one
  return {
    ...{ name, kind, stop },
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

/** How long a message to or from a process takes: mostly very little, sometimes so long that others overtake it. */
export function latencyOf(world: World, process: Process, label: string): number {
  const random = world.random(`latency ${process.name} ${label}`)
  const slow = process.slowUntil > world.time.now() ? random.integer(0, 2_500) : 0
  const lot = random.next()
  if (lot < 0.75) return slow + random.integer(0, 2)
  return slow + (lot < 0.97 ? random.integer(2, 25) : random.integer(25, 400))
}

/** Calls `goOn` later, if the process is alive then. A stalled process goes on when it is continued. */
export function arriveAt(world: World, process: Process, ms: number, goOn: () => void): void {
  world.time.after(ms, () => {
    if (!process.alive) return
    const wait = process.stalledUntil - world.time.now()
    if (wait > 0) arriveAt(world, process, wait, goOn)
    else goOn()
  })
}

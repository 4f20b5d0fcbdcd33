import type { Broker } from './broker.ts'
import { arriveAt, newProcess, type Process, type ProcessKind } from './process.ts'
import type { World } from './world.ts'

/** All processes by name, dead or alive. */
export type Fleet = {
  readonly process: (name: string) => Process | undefined
  /** Returns a process that takes calls. A stalled process takes calls too, but answers too late. */
  readonly pick: (kind: ProcessKind) => Process | undefined
  readonly startAll: (names: readonly string[]) => void
  /** Kills the process as by `kill -9`. It is started again after a while. */
  readonly kill: (process: Process, downMs?: number) => void
  /** Stops the process as by SIGTERM: it finishes its work, ends, and is started again after a while. */
  readonly stop: (process: Process, downMs: number) => void
  readonly heal: () => void
}

const graceMs = 2_000

export function newFleet(world: World, broker: Broker, start: (process: Process) => void): Fleet {
  const slots = new Map<string, Process>()
  const clocks = new Map<string, number>()
  const random = world.random('fleet')
  let isHealed = false

  function startOne(name: string): void {
    // The names come from the plan and begin with the kind of the process.
    const process = newProcess(name, name.slice(0, name.lastIndexOf('-')) as ProcessKind)
    process.clockMs = isHealed ? 0 : (clocks.get(name) ?? 0)
    slots.set(name, process)
    broker.connect(process)
    start(process)
  }

  function kill(process: Process, downMs = random.integer(100, 5_000)): void {
    if (!process.alive) return
    process.alive = false
    clocks.set(process.name, process.clockMs)
    process.stop.abort()
    world.tell(process.name, () => `is gone for ${downMs} ms`)
    if (slots.get(process.name) === process) world.time.after(downMs, () => startOne(process.name))
  }

  return {
    process: (name) => slots.get(name),
    pick(kind) {
      const able = [...slots.values()].filter((each) => each.kind === kind && each.alive && !each.stopping)
      return able.length > 0 ? random.pick(able) : undefined
    },
    startAll: (names) => names.forEach(startOne),
    kill,
    stop(process, downMs) {
      process.stopping = true
      process.stop.abort()
      arriveAt(world, process, graceMs, () => kill(process, downMs))
    },
    heal() {
      isHealed = true
      for (const process of slots.values()) {
        const now = world.time.now()
        Object.assign(process, {
          clockMs: 0,
          slowUntil: 0,
          stalledUntil: Math.min(process.stalledUntil, now),
        })
        if (process.locksLostUntil > 0) process.locksLostUntil = Math.min(process.locksLostUntil, now)
      }
    },
  }
}

import type { seamFaults } from './steps.ts'
import type { Process } from './process.ts'
import type { World } from './world.ts'

/** Faults that are armed and strike at the next effect that they can concern. */
export type ArmedFault =
  /** The process dies before its next effect, or right after it: then the effect is committed and nobody was told. */
  | 'crash before an effect'
  | 'crash after an effect'
  /** The connection breaks after the commit: done, but the process is told that it failed. */
  | 'lost answer'
  /** The database refuses, and nothing was done. */
  | 'failed call'
  /** A bug: an error that is no outage. */
  | 'bug'
  | 'dropped acknowledgement'
  /** The acknowledgement arrives seconds later, perhaps at a server whose store is another one. */
  | 'late acknowledgement'
  | 'lost publish answer'
  | 'refused publication'
  | 'lost wake-up'
  | (typeof seamFaults)[number]

export type ArmedFaults = {
  readonly arm: (fault: ArmedFault, process: string, times?: number) => void
  /** Returns true once for each time that the fault was armed. */
  readonly strikes: (fault: ArmedFault, process: Process) => boolean
  readonly onStrike: (heard: () => void) => void
  readonly disarm: () => void
}

export function armedFaults(world: World): ArmedFaults {
  const armed = new Map<string, number>()
  let onStrike: () => void = () => undefined
  return {
    arm: (fault, process, times = 1) => void armed.set(`${fault} ${process}`, times),
    strikes(fault, process) {
      if (armed.size === 0) return false
      const key = `${fault} ${process.name}`
      const left = armed.get(key) ?? 0
      if (left === 0) return false
      if (left === 1) armed.delete(key)
      else armed.set(key, left - 1)
      world.count(fault)
      onStrike()
      world.tell(process.name, () => `✗ ${fault}`)
      return true
    },
    onStrike(heard) {
      onStrike = heard
    },
    disarm: () => armed.clear(),
  }
}

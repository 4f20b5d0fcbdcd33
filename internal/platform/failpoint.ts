import { writeSync } from 'node:fs'

/** Where a process can be made to die, between two effects that no transaction joins. */
export const failpoints = [
  'insert-commit',
  'commit-wake',
  'publish-mark',
  'effect-ack',
  'reserve-settle',
] as const

export type Failpoint = (typeof failpoints)[number]

/** How many times each armed point is still passed. The process's own, like a breakpoint; undefined in any real run. */
let armed: Map<Failpoint, number> | undefined

/** For the fault campaign, by TILLSTREAM_FAILPOINTS, which production refuses. */
export function armFailpoints(points: ReadonlyMap<Failpoint, number>): void {
  armed = points.size > 0 ? new Map(points) : undefined
}

/** Nothing at all, unless the point is armed: then the process dies here as by `kill -9`. */
export function failpoint(name: Failpoint): void {
  if (armed !== undefined) pass(armed, name)
}

function pass(points: Map<Failpoint, number>, name: Failpoint): void {
  const left = points.get(name)
  if (left === undefined) return
  points.set(name, left - 1)
  if (left > 1) return
  writeSync(2, `failpoint ${name} reached\n`) // at once: nothing that is buffered survives
  process.kill(process.pid, 'SIGKILL')
}

import { writeSync } from 'node:fs'

/** The points at which a process can be made to die: each lies between two effects that no transaction joins. */
export const failpoints = [
  'insert-commit',
  'commit-wake',
  'publish-mark',
  'effect-ack',
  'reserve-settle',
  'lock-order',
  'redeem-settle',
  'begin-mark',
  'cart-mark',
  'file-commit',
  'release-mark',
  'gate-closed',
  'money-recorded',
  'goods-credited',
  'gate-reopened',
  'paid-receipt',
  'receipt-mark',
  'intent-call',
  'answer-commit',
  'inbox-effect',
  'send-answer',
  'webhook-answer',
  'image-stored',
  'erase-confirm',
] as const

export type Failpoint = (typeof failpoints)[number]

/**
 * How many times each armed point is still passed before the process dies. It is a global of the process, like a
 * breakpoint, and undefined unless a campaign arms it.
 */
let armed: Map<Failpoint, number> | undefined

/** The fault campaign arms them by TILLSTREAM_FAILPOINTS, which production refuses. */
export function armFailpoints(points: ReadonlyMap<Failpoint, number>): void {
  armed = points.size > 0 ? new Map(points) : undefined
}

/** Does nothing unless the point is armed. Then the process dies here as by `kill -9`. */
export function failpoint(name: Failpoint): void {
  if (armed !== undefined) pass(armed, name)
}

function pass(points: Map<Failpoint, number>, name: Failpoint): void {
  const left = points.get(name)
  if (left === undefined) return
  points.set(name, left - 1)
  if (left > 1) return
  writeSync(2, `failpoint ${name} reached\n`) // synchronous, because buffered output would be lost
  process.kill(process.pid, 'SIGKILL')
}

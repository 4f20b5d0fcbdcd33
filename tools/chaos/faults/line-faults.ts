import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../field.ts'
import { waitFor } from '../wait.ts'

type To = 'postgres' | 'nats'

/** Longer than a service takes to start again after it was ended. */
const trafficWithinMs = 30_000

export const slow =
  (to: To): Fault =>
  async ({ lines }, random) => {
    const line = lines[to]
    const delayMs = random.integer(20, 200)
    const before = line.counts().delayed
    line.setMode({ kind: 'slow', delayMs })
    try {
      await waitFor('something is under way', trafficWithinMs, () => line.counts().delayed > before)
      await sleep(random.integer(2_000, 4_000))
    } finally {
      line.setMode({ kind: 'clear' })
    }
    return `${line.counts().delayed - before} pieces were ${delayMs} ms late`
  }

export const blackHole =
  (to: To): Fault =>
  async ({ lines }, random) => {
    const line = lines[to]
    const before = line.counts().swallowed
    line.setMode({ kind: 'black-hole' })
    try {
      await waitFor('something is under way', trafficWithinMs, () => line.counts().swallowed > before)
      await sleep(random.integer(2_000, 6_000))
    } finally {
      line.setMode({ kind: 'clear' })
    }
    return `${line.counts().swallowed - before} pieces were swallowed`
  }

export const reset =
  (to: To): Fault =>
  async ({ lines }, random) => {
    const line = lines[to]
    const before = line.counts().reset
    // A service has one connection to NATS.
    const wanted = to === 'nats' ? 1 : random.integer(1, 5)
    line.resetInAnswer(wanted)
    try {
      await waitFor(`${wanted} resets`, trafficWithinMs, () => line.counts().reset - before >= wanted)
      return `${wanted} connections were reset in the middle of an answer`
    } finally {
      line.resetInAnswer(0)
    }
  }

/** Half-open connections that the services do not notice within this time are reset. */
const noticedWithinMs = 20_000

export const halfOpen =
  (to: To): Fault =>
  async ({ lines }) => {
    const line = lines[to]
    const { swallowed } = line.counts()
    const startedAt = performance.now()
    let [count, left] = [0, 0]
    try {
      // The process behind such a connection may end before it sends anything. Then other connections are made half
      // open.
      await waitFor(
        'somebody speaks into one',
        trafficWithinMs,
        () => {
          count += line.halfOpen()
          return line.counts().swallowed > swallowed
        },
        2_000,
      )
      await waitFor('all are given up', noticedWithinMs, () => line.counts().halfOpen === 0).catch(
        () => undefined,
      )
    } finally {
      left = line.endHalfOpen()
    }
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
    return `${count} connections were half open, and ${count - left} were given up within ${seconds} s`
  }

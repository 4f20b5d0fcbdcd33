import { setTimeout as sleep } from 'node:timers/promises'
import { NotExercised, type Fault } from '../field.ts'
import { waitFor } from '../wait.ts'

type To = 'postgres' | 'nats'

export const slow =
  (to: To): Fault =>
  async ({ lines }, random) => {
    const line = lines[to]
    const delayMs = random.integer(20, 200)
    const before = line.counts().delayed
    line.setMode({ kind: 'slow', delayMs })
    await sleep(random.integer(2_000, 4_000))
    line.setMode({ kind: 'clear' })
    const delayed = line.counts().delayed - before
    if (delayed === 0) throw new NotExercised('nothing was under way')
    return `${delayed} pieces were ${delayMs} ms late`
  }

export const blackHole =
  (to: To): Fault =>
  async ({ lines }, random) => {
    const line = lines[to]
    const before = line.counts().swallowed
    line.setMode({ kind: 'black-hole' })
    await sleep(random.integer(2_000, 6_000))
    const { swallowed, open } = line.counts()
    line.setMode({ kind: 'clear' })
    if (swallowed === before) throw new NotExercised('nothing was under way')
    return `${swallowed - before} pieces on ${open} connections were swallowed`
  }

export const reset =
  (to: To): Fault =>
  async ({ lines }, random) => {
    const line = lines[to]
    const before = line.counts().reset
    const wanted = random.integer(1, 5)
    line.resetInAnswer(wanted)
    try {
      const count = await waitFor(
        `${wanted} resets`,
        20_000,
        () => line.counts().reset - before >= wanted && wanted,
      )
      return `${count} connections were reset in the middle of an answer`
    } finally {
      line.resetInAnswer(0)
    }
  }

export const halfOpen =
  (to: To): Fault =>
  async ({ lines }) => {
    const line = lines[to]
    const { swallowed } = line.counts()
    const count = await waitFor('an open connection', 20_000, () => line.halfOpen() || undefined)
    const lost = await waitFor('somebody speaks into one', 20_000, () => {
      const now = line.counts().swallowed - swallowed
      return now > 0 && now
    })
    return `${count} connections were half open, and the first ${lost} pieces into them were lost`
  }

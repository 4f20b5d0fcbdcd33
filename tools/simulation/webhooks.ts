import { Refusal } from '../../internal/platform/refusal.ts'
import type { World } from './world.ts'

/** Sends one message to the shop. Rejects when it was not taken. */
export type Deliver = (
  headers: Readonly<Record<string, string>>,
  body: Readonly<{ ref: string; eventId: string }>,
) => Promise<unknown>

const overtakenForMs = 4_000
const retriesAfterMs = [1_000, 5_000, 30_000, 60_000, 120_000]
const signed = { 'x-signature': 'good' }

/** The provider's messages: late, twice, out of order, lost and forged while they are spoiled. */
export function newWebhooks(world: World, deliver: Deliver) {
  const random = world.random('webhooks')
  let [spoiledUntil, events, underWay] = [0, 0, 0]

  function send(
    headers: Readonly<Record<string, string>>,
    ref: string,
    eventId: string,
    ms: number,
    tries = 0,
  ): void {
    underWay++
    world.time.after(ms, () => {
      void deliver(headers, { ref, eventId })
        .then(
          () => world.count('webhook'),
          (err: unknown) => {
            const isForged = err instanceof Refusal && err.kind === 'invalid'
            if (isForged) world.count('forged webhook refused')
            const againMs = isForged ? undefined : retriesAfterMs[tries]
            if (againMs !== undefined) send(headers, ref, eventId, againMs, tries + 1)
          },
        )
        .finally(() => underWay--)
    })
  }

  return {
    spoil: (ms: number) => void (spoiledUntil = world.time.now() + ms),
    /** Something of this payment has changed. */
    tell: (ref: string): void => {
      const eventId = `evt_${++events}`
      const isSpoiled = spoiledUntil > world.time.now()
      const lot = (): boolean => isSpoiled && random.chance(0.3)
      const delayMs = (): number => random.integer(0, 50) + (lot() ? random.integer(0, overtakenForMs) : 0)
      if (lot()) world.count('webhook lost')
      else send(signed, ref, eventId, delayMs())
      if (lot()) send(signed, ref, eventId, delayMs())
      if (lot()) send({}, ref, `${eventId}_forged`, delayMs())
    },
    underWay: () => underWay,
  }
}

import type { Moment } from './payment.ts'
import type { Delivery, Put, World } from './world.ts'

type Told = Pick<Delivery, 'dialect' | 'url' | 'body'>

type Planner = Moment & {
  readonly world: World
  readonly random: () => number
  readonly put: (put: Put) => void
}

/** How long a webhook may be overtaken, besides the delay of all. */
const overtakenForMs = 2_000

/** Providers try again for about three days, less and less often. */
const retriesAfterMs = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000]
const mostAttempts = 70

/** Decides what is sent of one webhook, with the faults that are on. */
export function planWebhooks(planner: Planner, told: Told): void {
  if (told.url === '') return
  const { world, random, now, put } = planner
  const { drop, duplicate, reorder, forge, delayMs } = world.faults.webhooks
  const add = (body: string, isForged: boolean): void => {
    const id = planner.newId('whd_')
    const heldBackMs = random() < reorder ? random() * overtakenForMs : 0
    const delivery = { ...told, body, id, isForged, attempts: 0, at: now + delayMs + heldBackMs }
    put({ table: 'delivery', value: delivery })
  }
  if (random() >= drop) add(told.body, false)
  if (random() < duplicate) add(told.body, false)
  if (random() < forge) add(forgedBody(told), true)
}

/** Says of a payment what is not true of it. Mollie's webhooks can only lie by naming what does not exist. */
function forgedBody({ dialect, body }: Told): string {
  if (dialect === 'mollie') return `${body}forged`
  return body
    .replaceAll('"status":"requires_payment_method"', '"status":"succeeded"')
    .replaceAll('"status":"requires_action"', '"status":"succeeded"')
    .replaceAll('"id":"evt_', '"id":"evt_forged_')
}

/** The delivery after a failed try, or undefined when the provider gives up. A forger tries once. */
export function nextTry(delivery: Delivery, now: number): Delivery | undefined {
  const attempts = delivery.attempts + 1
  if (delivery.isForged || attempts >= mostAttempts) return undefined
  const waitMs = retriesAfterMs[Math.min(attempts, retriesAfterMs.length) - 1] ?? 0
  return { ...delivery, attempts, at: now + waitMs }
}

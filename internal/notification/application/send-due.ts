import {
  beginSending,
  fail,
  lose,
  markSent,
  putOff,
  skip,
  type Delivery,
  type DeliveryChange,
} from '../domain/delivery.ts'
import type { Made } from './made.ts'
import type { Pace } from './pace.ts'
import type { Channel } from '../domain/kinds.ts'
import type { Carrier, Deliveries, Line, Message, Outcome } from './ports.ts'

export type SendDeps = {
  readonly deliveries: Deliveries
  readonly make: (delivery: Delivery) => Promise<Made>
  /** What is to go by other channels is left to others. */
  readonly channels: readonly Channel[]
  /** Of those channels that are on. */
  readonly carriers: Readonly<Partial<Record<Channel, Carrier>>>
  readonly pace: Pace
  /** Longer than the sending of a mail may take. What a dead process was sending is unknown after that. */
  readonly leaseMs: number
  readonly now: () => Date
  /** The process may be made to die here. */
  readonly failpoint: (name: 'send-answer') => void
  readonly report: (what: string, details: Readonly<Record<string, unknown>>) => void
}

/** Claimed at once by one worker, which sends them one after another. */
const atOnce = 5
/** A mail that could not be sent for so long says what nobody wants to know any more. */
const givenUpAfterMs = 3 * 86_400_000
/** After the mail server was not reached, or somebody who knows what a mail says did not answer. */
const restMs = 5_000

/**
 * Does what is due now, once. Returns how much was done. Throws when no mail server takes mails: then nothing has
 * changed, and nothing counts as an attempt.
 */
export function sendDue(deps: SendDeps) {
  const { deliveries, now, leaseMs } = deps
  return async (): Promise<number> => {
    const lost = await giveUpLost(deps)
    const room = deps.pace.take(atOnce)
    if (room === 0) return lost
    const claimed = await deliveries.claim(deps.channels, now(), new Date(now().getTime() + leaseMs), room)
    deps.pace.giveBack(room - claimed.length)
    for (const [index, delivery] of claimed.entries()) {
      try {
        await sendOne(deps, delivery)
      } catch (err) {
        await deliveries.release(claimed.slice(index), new Date(now().getTime() + restMs))
        throw err
      }
    }
    return lost + claimed.length
  }
}

/** Whoever was sending them has died, or is so slow that nobody can wait. */
async function giveUpLost({ deliveries, now, report }: SendDeps): Promise<number> {
  const lost = await deliveries.lost(now(), atOnce)
  for (const delivery of lost) {
    if (await deliveries.store(lose(delivery, 'no-answer', now())))
      report('nobody knows whether a mail was sent; staff decide', { deliveryId: delivery.id })
  }
  return lost.length
}

async function sendOne(deps: SendDeps, delivery: Delivery): Promise<void> {
  const { deliveries, make, carriers, now, report } = deps
  if (now().getTime() - delivery.createdAt.getTime() > givenUpAfterMs && delivery.attempts > 0) {
    await deliveries.store(fail(delivery, delivery.failure || 'too-late', now()))
    return
  }
  const carrier = carriers[delivery.channel]
  if (!carrier) {
    await deliveries.store(skip(delivery, 'off', now()))
    return
  }
  const made = await make(delivery).catch((err: unknown) => {
    report('a mail could not be made; it is tried again', { err, deliveryId: delivery.id })
    return undefined
  })
  if (!made) return deliveries.release([delivery], new Date(now().getTime() + restMs))
  if ('skip' in made) {
    await deliveries.store(skip(delivery, made.skip, now()))
    return
  }
  if ('later' in made) return deliveries.release([delivery], made.later)
  const message = await carrier.compose(made.mail)
  const line = await carrier.connect()
  try {
    await sendOn(deps, line, delivery, message)
  } finally {
    line.release()
  }
}

/** That it is being sent is on the disk before the first word of it goes out. */
async function sendOn(deps: SendDeps, line: Line, delivery: Delivery, message: Message): Promise<void> {
  const { deliveries, leaseMs, now, failpoint } = deps
  const begun = beginSending(delivery, now(), new Date(now().getTime() + leaseMs))
  if (!(await deliveries.store(begun))) return // its lease has ended, and another worker has it
  const outcome = await line.send(message)
  failpoint('send-answer')
  const concluded = (sending: Delivery): DeliveryChange => conclude(sending, outcome, now())
  if (await deliveries.store(concluded(begun.state))) return
  // Somebody has taken this worker for dead. What it knows is still true, unless staff have sent the mail again.
  const later = await deliveries.find(delivery.id)
  if (later?.status === 'unknown' && outcome.kind !== 'unknown') await deliveries.store(concluded(later))
}

function conclude(sending: Delivery, outcome: Outcome, at: Date): DeliveryChange {
  if (outcome.kind === 'sent') return markSent(sending, at)
  if (outcome.kind === 'unknown') return lose(sending, outcome.failure, at)
  return outcome.isFinal
    ? fail(sending, outcome.failure, at)
    : putOff(sending, outcome.failure, at, outcome.afterMs)
}

import type { JsMsg } from '@nats-io/jetstream'
import { createHash } from 'node:crypto'
import { newId } from '../../platform/new-id.ts'
import type { DeadLetter, DeadLetterId, Header } from '../domain/dead-letter.ts'

export type Death = {
  readonly subscription: string
  readonly incarnation: string
  readonly code: string
  readonly reason: string
  readonly at: Date
}

export function deadLetterOf(
  message: JsMsg,
  { subscription, incarnation, code, reason, at }: Death,
): DeadLetter {
  const eventId = message.headers?.get('ce-id') || ''
  const requeues = requeuesOf(message)
  const place = `${message.info.stream}:${incarnation}:${message.seq}`
  return {
    id: newId() as DeadLetterId,
    subscription,
    messageKey: eventId ? `${shortened(eventId)}${requeues > 0 ? `:r${requeues}` : ''}` : place,
    stream: message.info.stream,
    streamSequence: BigInt(message.seq),
    subject: message.subject,
    eventId,
    status: 'open',
    code,
    error: reason,
    deliveries: message.info.deliveryCount,
    data: message.data,
    headers: headersOf(message),
    deadAt: at,
    resolution: '',
    requeues,
  }
}

/** Counts how often an operator requeued the message. */
export const requeueHeader = 'x-requeue'

/**
 * Reads the header. Strangers may write anything into it, and a letter that cannot be stored would come back for ever.
 */
function requeuesOf({ headers }: JsMsg): number {
  const text = headers?.get(requeueHeader) || ''
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}

/** An index accepts only keys of a limited length. */
const longestKey = 200

function shortened(eventId: string): string {
  return eventId.length <= longestKey ? eventId : createHash('sha256').update(eventId).digest('hex')
}

function headersOf({ headers }: JsMsg): readonly Header[] {
  return (headers?.keys() ?? []).flatMap((name) =>
    (headers?.values(name) ?? []).map((value) => ({ name, value })),
  )
}

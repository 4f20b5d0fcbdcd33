import type { JsMsg } from '@nats-io/jetstream'
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
  const requeue = message.headers?.get(requeueHeader) || ''
  const place = `${message.info.stream}:${incarnation}:${message.seq}`
  return {
    id: newId() as DeadLetterId,
    subscription,
    messageKey: eventId ? `${eventId}${requeue && `:r${requeue}`}` : place,
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
    requeues: Number(requeue) || 0,
  }
}

/** Counts how often an operator sent the message again. */
export const requeueHeader = 'x-requeue'

function headersOf({ headers }: JsMsg): readonly Header[] {
  return (headers?.keys() ?? []).flatMap((name) =>
    (headers?.values(name) ?? []).map((value) => ({ name, value })),
  )
}

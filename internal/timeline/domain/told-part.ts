import { entry, wait, type Entry, type Part, type Wait } from './entry.ts'

/** An event of the outbox, and whether the broker has it. */
export type EventFacts = {
  readonly id: string
  readonly at: Date
  readonly subject: string
  readonly aggregateId: string
  readonly requestId: string
  readonly traceparent: string
  readonly isPublished: boolean
  readonly attempts: number
  readonly lastError: string | null
  readonly isParked: boolean
}

export type DeadLetterFacts = {
  readonly id: string
  readonly subscription: string
  readonly subject: string
  readonly status: string
  readonly code: string
  readonly error: string
  readonly resolution: string
  readonly deadAt: Date
  readonly resolvedAt: Date | null
}

/** A mail, a text message, an entry of a feed, or an event for an endpoint outside. */
export type MessageFacts = {
  readonly id: string
  /** mail, sms, slack, feed or webhook. */
  readonly channel: string
  /** What it tells; of a webhook the event's type. */
  readonly kind: string
  /** Who or where: ids only. */
  readonly to: string
  readonly status: string
  readonly attempts: number
  readonly failure: string
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly nextAt: Date
}

/** What staff, an admin or an API key did. */
export type ActFacts = {
  readonly at: Date
  readonly what: string
  readonly subjectId: string
  readonly actorKind: string
  readonly actorId: string
  readonly reason: string
  readonly requestId: string
}

export type Told = {
  readonly events: readonly EventFacts[]
  readonly deadLetters: readonly DeadLetterFacts[]
  readonly messages: readonly MessageFacts[]
  readonly acts: readonly ActFacts[]
}

export function toldPart({ events, deadLetters, messages, acts }: Told, now: Date): Part {
  return {
    entries: [
      ...events.map(published),
      ...deadLetters.flatMap(givenUp),
      ...messages.map(sent),
      ...acts.map(acted),
    ],
    waits: [
      ...events.flatMap(brokerWaits),
      ...deadLetters.flatMap(letterWaits),
      ...messages.filter((message) => !isPlanned(message, now)).flatMap(messageWaits),
    ],
  }
}

const published = (event: EventFacts): Entry =>
  entry(event.at, 'broker', event.subject, event.aggregateId, {
    detail: { event: event.id, published: String(event.isPublished) },
    trace: event,
  })

/** Undefined for an event that the broker has. */
function brokerWaits({ id, at, isPublished, attempts, lastError, isParked }: EventFacts): readonly Wait[] {
  if (isPublished) return []
  const detail = { attempts, error: lastError }
  return [wait(isParked ? 'staff-looks-at-event' : 'broker', at, id, { detail })]
}

function givenUp(letter: DeadLetterFacts): readonly Entry[] {
  const { id, subscription, subject, status, code, error, resolution, deadAt, resolvedAt } = letter
  const first = entry(deadAt, 'delivery', 'dead_letter.added', id, {
    detail: { subscription, event: subject, code, error },
  })
  if (!resolvedAt) return [first]
  return [
    first,
    entry(resolvedAt, 'delivery', `dead_letter.${status}`, id, { detail: { subscription, resolution } }),
  ]
}

const letterWaits = ({
  id,
  status,
  deadAt,
  subscription,
  subject,
  code,
}: DeadLetterFacts): readonly Wait[] =>
  status === 'open'
    ? [wait('staff-looks-at-dead-letter', deadAt, id, { detail: { subscription, event: subject, code } })]
    : []

const sent = ({
  id,
  channel,
  kind,
  to,
  status,
  attempts,
  failure,
  createdAt,
  updatedAt,
}: MessageFacts): Entry =>
  entry(createdAt, 'message', `${channel}.${kind}`, id, {
    detail: { to, status, attempts, failure, changedAt: updatedAt.toISOString() },
  })

const acted = ({ at, what, subjectId, actorKind, actorId, reason, requestId }: ActFacts): Entry =>
  entry(at, 'staff', what, subjectId, {
    detail: { [actorKind]: actorId, reason },
    trace: { requestId, traceparent: '' },
  })

/** A message for later, such as that a hold ends soon. Nothing waits for it, and it may never be needed. */
const isPlanned = ({ status, attempts, nextAt }: MessageFacts, now: Date): boolean =>
  status === 'queued' && attempts === 0 && nextAt > now

function messageWaits({
  id,
  channel,
  status,
  attempts,
  failure,
  createdAt,
  nextAt,
}: MessageFacts): readonly Wait[] {
  const detail = { channel, attempts, failure }
  if (status === 'unknown') return [wait('staff-decides-about-message', createdAt, id, { detail })]
  if (status === 'queued' || status === 'sending')
    return [wait('message-sent', createdAt, id, { detail: { ...detail, nextAt: nextAt.toISOString() } })]
  return []
}

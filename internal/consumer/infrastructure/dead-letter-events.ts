import { DeadLetterAddedSchema } from '../../gen/consumer/v1/events_pb.ts'
import { eventType } from '../../platform/event.ts'
import { outboxEvent, type OutboxEvent } from '../../platform/outbox.ts'
import type { DeadLetter } from '../domain/dead-letter.ts'

const added = eventType(DeadLetterAddedSchema)

/** None for an event of this kind that was given up itself: it would make the next one, and so on without end. */
export function encodeDeadLetterAdded({
  id,
  subject,
  subscription,
  code,
  deadAt,
}: DeadLetter): readonly OutboxEvent[] {
  if (subject === added.subject) return []
  const fact = {
    ...{ aggregateType: 'dead-letter', aggregateId: id, aggregateVersion: 1, occurredAt: deadAt },
    data: { deadLetterId: id, subscription, code },
  }
  return [outboxEvent(added, fact, { correlationId: id, causationId: '', traceparent: '' })]
}

import { envelopeHeaders } from '../../platform/envelope.ts'
import { isoTime } from '../../platform/iso-time.ts'
import type { StoredEvent } from '../domain/stored-event.ts'

/** The headers of a published event, without those that are meant for JetStream. */
export function eventHeaders(event: StoredEvent): readonly (readonly [string, string])[] {
  return envelopeHeaders({
    id: event.id,
    type: event.type,
    subject: event.aggregateId,
    time: isoTime(event.occurredAt),
    aggregateVersion: event.aggregateVersion,
    correlationId: event.correlationId,
    causationId: event.causationId,
    traceparent: event.traceparent,
    isReplay: event.generation > 0,
  })
}

import { newId } from '../../platform/new-id.ts'
import type { Seq, StoredEvent } from '../domain/stored-event.ts'

export const now = new Date('2026-01-02T03:04:05.678Z')

let lastSeq = 0n

/** A valid event of an aggregate of its own. */
export function storedEvent(changes: Partial<StoredEvent> = {}): StoredEvent {
  const aggregateId = changes.aggregateId ?? newId()
  return {
    seq: ++lastSeq as Seq,
    id: newId(),
    aggregate: `order ${aggregateId}`,
    aggregateId,
    aggregateVersion: 1,
    subject: 'order.created',
    type: 'tillstream.order.created.v1',
    data: '{"order":{"id":"x"}}',
    correlationId: 'c-1',
    causationId: '',
    traceparent: '',
    occurredAt: new Date(),
    generation: 0,
    attempts: 0,
    ...changes,
  }
}

/** The events of one aggregate, in their order. */
export function story(length: number, changes: Partial<StoredEvent> = {}): readonly StoredEvent[] {
  const aggregateId = newId()
  return Array.from({ length }, (_, index) =>
    storedEvent({ ...changes, aggregateId, aggregateVersion: index + 1 }),
  )
}

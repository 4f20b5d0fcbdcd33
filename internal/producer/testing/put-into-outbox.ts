import type { Sql } from '../../platform/database.ts'
import { appendToOutbox } from '../../platform/outbox.ts'
import type { StoredEvent } from '../domain/stored-event.ts'

/** Puts events into the outbox as a service does. */
export function putInto(db: Pick<Sql, '$executeRawUnsafe'>) {
  return (events: readonly StoredEvent[]): Promise<void> =>
    appendToOutbox(
      db,
      events.map(({ seq: _seq, correlationId, causationId, traceparent, data, aggregate, ...event }) => ({
        ...event,
        aggregateType: aggregate.split(' ')[0]!,
        data: JSON.parse(data) as unknown,
        headers: { correlationId, causationId, traceparent },
      })),
    )
}

import { envelopeHeaders } from '../../../internal/platform/envelope.ts'

type Header = {
  readonly meaning: string
  readonly schema: Readonly<Record<string, unknown>>
  readonly isOptional?: true
}

const text = { type: 'string' }
const uuid = { type: 'string', format: 'uuid' }

const meanings: Readonly<Record<string, Header>> = {
  'ce-specversion': { meaning: 'The version of CloudEvents', schema: { const: '1.0' } },
  'ce-id': { meaning: 'The id of the event, which never changes: deduplicate by it', schema: uuid },
  'ce-source': { meaning: 'The part of Tillstream that the event comes from', schema: text },
  'ce-type': { meaning: 'The kind of the event, with the version of its contract', schema: text },
  'ce-subject': {
    meaning: 'The id of the order, product, stock or user that the event is about',
    schema: uuid,
  },
  'ce-time': { meaning: 'The time at which it happened', schema: { type: 'string', format: 'date-time' } },
  'ce-datacontenttype': { meaning: 'The payload is ProtoJSON', schema: { const: 'application/json' } },
  'ce-partitionkey': {
    meaning: 'Events with the same key are in order. It is equal to ce-subject',
    schema: uuid,
  },
  'ce-aggregateversion': {
    meaning: 'The number of this event among those with the same ce-subject, from 1 and without gaps',
    schema: { type: 'string', pattern: '^[1-9][0-9]*$' },
  },
  'ce-correlationid': { meaning: 'The id of the request that everything began with', schema: text },
  'ce-causationid': {
    meaning: 'The id of the event that caused this one; empty when a person did',
    schema: text,
  },
  traceparent: { meaning: 'The W3C trace context of the request; empty when it had none', schema: text },
  'x-replay': {
    meaning:
      'The event is published again because the broker has lost it; whoever knows its ce-id has nothing to do',
    schema: { const: '1' },
    isOptional: true,
  },
  'Nats-Msg-Id': {
    meaning: "For JetStream's own deduplication: the ce-id, with a suffix when the event is published again",
    schema: text,
  },
  'Nats-Expected-Stream': { meaning: 'The stream that the event is meant for', schema: text },
}

/** The envelope's headers as platform/envelope.ts writes them, and the two that JetStream reads. */
export function messageHeaders(): readonly (readonly [name: string, header: Header])[] {
  const envelope = {
    ...{ id: '', type: '', subject: '', time: '', correlationId: '', causationId: '', traceparent: '' },
    ...{ aggregateVersion: 1, isReplay: true },
  }
  const names = [...envelopeHeaders(envelope).map(([name]) => name), 'Nats-Msg-Id', 'Nats-Expected-Stream']
  return names.map((name) => {
    const header = meanings[name]
    if (!header) throw new Error(`tools/docs/events/headers.ts does not say what ${name} means`)
    return [name, header]
  })
}

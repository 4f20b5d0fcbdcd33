import { envelopeHeaders } from '../../../internal/platform/envelope.ts'

type Header = {
  readonly meaning: string
  readonly schema: Readonly<Record<string, unknown>>
  readonly isOptional?: true
}

const text = { type: 'string' }
const uuid = { type: 'string', format: 'uuid' }

const meanings: Readonly<Record<string, Header>> = {
  'ce-specversion': { meaning: "CloudEvents' version", schema: { const: '1.0' } },
  'ce-id': { meaning: 'The event, for ever: deduplicate by it', schema: uuid },
  'ce-source': { meaning: 'Which part of Tillstream it comes from', schema: text },
  'ce-type': { meaning: 'What it is, with the version of its contract', schema: text },
  'ce-subject': { meaning: 'The id of what it is about', schema: uuid },
  'ce-time': { meaning: 'When it happened', schema: { type: 'string', format: 'date-time' } },
  'ce-datacontenttype': { meaning: 'The payload is ProtoJSON', schema: { const: 'application/json' } },
  'ce-partitionkey': { meaning: 'What has the same is in order; equal to ce-subject', schema: uuid },
  'ce-aggregateversion': {
    meaning: 'Counts the events of what it is about, from 1 and without gaps',
    schema: { type: 'string', pattern: '^[1-9][0-9]*$' },
  },
  'ce-correlationid': { meaning: 'The request that it goes back to', schema: text },
  'ce-causationid': { meaning: 'The event that caused it; empty when a person did', schema: text },
  traceparent: { meaning: 'W3C trace context; empty when there is none', schema: text },
  'x-replay': {
    meaning: 'Published again after the broker had lost its store; whoever knows the ce-id has nothing to do',
    schema: { const: '1' },
    isOptional: true,
  },
  'Nats-Msg-Id': {
    meaning: "JetStream's own deduplication: the ce-id, and the publication when it is not the first",
    schema: text,
  },
  'Nats-Expected-Stream': { meaning: 'The stream that takes it', schema: text },
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

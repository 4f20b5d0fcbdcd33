/** CloudEvents 1.0 in NATS' binary mode. NATS headers are case-sensitive: all of ours are lower case. */
export type Envelope = {
  readonly id: string
  readonly type: string
  readonly subject: string
  readonly time: string
  readonly aggregateVersion: number
  readonly correlationId: string
  readonly causationId: string
  readonly traceparent: string
  /**
   * True when the event is published again because the broker lost it. Subscribers that know its id have nothing to
   * do.
   */
  readonly isReplay: boolean
}

/** The headers as [name, value] pairs, whichever client writes them. */
export function envelopeHeaders(envelope: Envelope): readonly (readonly [string, string])[] {
  const { subject, type } = envelope
  const headers: (readonly [string, string])[] = [
    ['ce-specversion', '1.0'],
    ['ce-id', envelope.id],
    ['ce-source', sourceOf(type)],
    ['ce-type', type],
    ['ce-subject', subject],
    ['ce-time', envelope.time],
    ['ce-datacontenttype', 'application/json'],
    ['ce-partitionkey', subject],
    ['ce-aggregateversion', String(envelope.aggregateVersion)],
    ['ce-correlationid', envelope.correlationId],
    ['ce-causationid', envelope.causationId],
    ['traceparent', envelope.traceparent],
  ]
  if (envelope.isReplay) headers.push(['x-replay', '1'])
  return headers
}

/** The source is made from the type's second word: of tillstream.order.created.v1 it is `order`. */
function sourceOf(type: string): string {
  const from = type.indexOf('.') + 1
  const to = type.indexOf('.', from)
  return `/tillstream/${from > 0 ? type.slice(from, to < 0 ? undefined : to) : ''}`
}

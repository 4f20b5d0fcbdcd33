import type { JsMsg } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import { newId } from '../../platform/new-id.ts'

export type FakeMessage = JsMsg & {
  /** How it was answered: ack, nak, nak 200 or term. */
  readonly said: readonly string[]
}

/** A message as the client delivers it. It records acknowledgements instead of sending them. */
export function fakeMessage(
  data: unknown = {},
  {
    headers: wanted = { 'ce-id': newId() },
    deliveries = 1,
  }: { readonly headers?: Readonly<Record<string, string>>; readonly deliveries?: number } = {},
): FakeMessage {
  const written = headers()
  for (const [name, value] of Object.entries(wanted)) written.set(name, value)
  const said: string[] = []
  const bytes = data instanceof Uint8Array ? data : new TextEncoder().encode(JSON.stringify(data))
  const message: Partial<FakeMessage> = {
    said,
    subject: 'order.created',
    seq: 7,
    data: bytes,
    headers: written,
    json: () => JSON.parse(new TextDecoder().decode(bytes)) as never,
    ack: () => void said.push('ack'),
    nak: (delayMs?: number) => void said.push(delayMs === undefined ? 'nak' : `nak ${delayMs}`),
    term: () => void said.push('term'),
    info: {
      stream: 'ORDERS',
      consumer: 'settle-created-x',
      deliveryCount: deliveries,
      domain: '',
      streamSequence: 7,
      deliverySequence: 7,
      timestampNanos: 0,
      pending: 0,
      redelivered: deliveries > 1,
    }, // deprecated members are left out
  }
  return message as FakeMessage // the part that our code uses
}

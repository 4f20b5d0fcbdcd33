import type { JsMsg } from '@nats-io/jetstream'
import type { DeliveredEventSchema } from '../../gen/reaction/v1/reaction_pb.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Wire } from '../../platform/wire.ts'

/** Reads the event of a message and checks its envelope. Only the service that reacts to it can check its data. */
export function readDelivery(message: JsMsg, types: readonly string[]): Wire<typeof DeliveredEventSchema> {
  const header = (name: string): string => message.headers?.get(name) || ''
  const type = header('ce-type')
  if (!types.includes(type))
    throw new Refusal('invalid', 'message.wrong-type', `ce-type must be ${types.join(' or ')}`)
  const id = header('ce-id')
  if (id === '') throw new Refusal('invalid', 'message.no-id', 'ce-id is missing')
  return {
    id,
    type,
    data: dataOf(message),
    correlationId: header('ce-correlationid'),
    traceparent: header('traceparent'),
  }
}

function dataOf(message: JsMsg): Readonly<Record<string, unknown>> {
  const data = json(message)
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new Refusal('invalid', 'message.invalid', 'the message must be an object')
  }
  return data as Readonly<Record<string, unknown>>
}

function json(message: JsMsg): unknown {
  try {
    return message.json()
  } catch {
    throw new Refusal('invalid', 'message.not-json', 'the message is not JSON')
  }
}

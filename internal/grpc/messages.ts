import {
  create,
  fromBinary,
  fromJsonString,
  toBinary,
  toJson,
  type DescMessage,
  type JsonObject,
  type Message,
} from '@bufbuild/protobuf'
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect'
import { Refusal } from '../platform/refusal.ts'
import { isReadable } from '../platform/text.ts'

/**
 * A request as handlers get it from everybody (docs/adr/0003): ProtoJSON with every field written. Refused with
 * request.malformed when the bytes are no such message, or a text has what PostgreSQL cannot hold.
 */
export function readRequest(desc: DescMessage, bytes: Uint8Array): JsonObject {
  const message = decode(desc, bytes)
  fillNested(reflect(desc, message))
  const json = toJson(desc, message, { alwaysEmitImplicit: true }) as JsonObject // a message of ours is an object
  if (!isReadableAll(json)) throw malformed()
  return json
}

/** The other way. It takes what handlers answer, as the wire between our processes does. */
export const writeAnswer = (desc: DescMessage, answer: unknown): Uint8Array =>
  toBinary(desc, fromJsonString(desc, JSON.stringify(answer), { ignoreUnknownFields: true }))

function decode(desc: DescMessage, bytes: Uint8Array): Message {
  try {
    return fromBinary(desc, bytes)
  } catch {
    throw malformed()
  }
}

/** Handlers rely on nested messages being there. One that was left out has the defaults of all of its fields. */
function fillNested(message: ReflectMessage): void {
  for (const field of message.desc.fields) {
    if (field.fieldKind === 'message' && isOurs(field.message)) {
      if (!message.isSet(field)) message.set(field, reflect(field.message, create(field.message)))
      fillNested(message.get(field))
    }
    if (field.fieldKind === 'list' && field.listKind === 'message' && isOurs(field.message))
      for (const item of message.get(field)) fillNested(item as ReflectMessage)
  }
}

/** A time or a structure of Google's has no default that means anything. */
const isOurs = ({ typeName }: DescMessage): boolean => !typeName.startsWith('google.')

function isReadableAll(value: unknown): boolean {
  if (typeof value === 'string') return isReadable(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every(isReadableAll)
}

const malformed = (): Refusal =>
  new Refusal('invalid', 'request.malformed', 'the request is not of its type, or a text in it has a NUL')

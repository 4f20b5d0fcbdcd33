import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf'
import { commentOf } from './contracts.ts'

export type Schema = Readonly<Record<string, unknown>>

/** The messages that these are made of, themselves too, each once, by name. */
export function withParts(messages: readonly DescMessage[]): readonly DescMessage[] {
  const found = new Set<DescMessage>()
  const add = (message: DescMessage): void => {
    if (found.has(message) || wellKnown[message.typeName]) return
    found.add(message)
    for (const { message: part } of message.fields) if (part) add(part)
  }
  messages.forEach(add)
  return [...found]
}

/** ProtoJSON as the services write it: every field that is not `optional` is there. */
export function schemaOf(message: DescMessage): Schema {
  const description = commentOf(message)
  return {
    type: 'object',
    ...(description ? { description } : {}),
    properties: Object.fromEntries(message.fields.map((field) => [field.jsonName, fieldSchema(field)])),
    required: message.fields.filter((field) => !isOptional(field)).map((field) => field.jsonName),
  }
}

/** Subscribers meet fields of later versions, so nothing forbids them. */
function fieldSchema(field: DescField): Schema {
  const description = commentOf(field)
  const schema = valueSchema(field)
  const whole = field.fieldKind === 'list' ? { type: 'array', items: schema } : schema
  return description ? { ...whole, description } : whole
}

function valueSchema({ message, scalar, name }: DescField): Schema {
  if (message) return wellKnown[message.typeName] ?? { $ref: schemaRef(message) }
  if (name === 'id' || name.endsWith('_id')) return { type: 'string', format: 'uuid' }
  const schema = scalar === undefined ? undefined : scalarSchemas[scalar]
  if (!schema)
    throw new Error(`${name} has a type that no event had so far: say here how ProtoJSON writes it`)
  return schema
}

const scalarSchemas: Readonly<Partial<Record<ScalarType, Schema>>> = {
  [ScalarType.STRING]: { type: 'string' },
  [ScalarType.BOOL]: { type: 'boolean' },
  [ScalarType.INT32]: { type: 'integer', format: 'int32' },
  [ScalarType.INT64]: { type: 'string', format: 'int64', pattern: '^-?[0-9]+$' },
}

/** In words, for a table. */
export function typeOf(field: DescField): string {
  const { type, format, $ref } = valueSchema(field) as { type?: string; format?: string; $ref?: string }
  const name = $ref
    ? linkTo($ref.split('/').at(-1) ?? '')
    : [type, format && `(${format})`].filter(Boolean).join(' ')
  return `${field.fieldKind === 'list' ? 'list of ' : ''}${name}${isOptional(field) ? ', optional' : ''}`
}

export const schemaRef = (message: DescMessage): string => `#/components/schemas/${message.name}`

const linkTo = (name: string): string => `[${name}](#${name.toLowerCase()})`
/** What ProtoJSON writes in a way of its own. */
const wellKnown: Readonly<Record<string, Schema>> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Struct': { type: 'object' },
}
const isOptional = (field: DescField): boolean => field.proto.proto3Optional

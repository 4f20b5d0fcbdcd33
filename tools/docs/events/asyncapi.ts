import type { EventContract } from './contracts.ts'
import { messageHeaders } from './headers.ts'
import { schemaOf, schemaRef, withParts } from './schemas.ts'

/** AsyncAPI 3.0, as a value. */
export function asyncApi(events: readonly EventContract[], version: string): Record<string, unknown> {
  const by = (part: (event: EventContract) => readonly [string, unknown]) =>
    Object.fromEntries(events.map(part))
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Tillstream events',
      version,
      description:
        'What happened to orders, stock, products and users, on NATS JetStream. Delivered at least once.',
    },
    defaultContentType: 'application/json',
    servers: {
      local: { host: 'localhost:4222', protocol: 'nats', description: 'As docker-compose.yml has it' },
    },
    channels: by((event) => [event.message.name, channel(event)]),
    operations: by((event) => [`publish${event.message.name}`, operation(event)]),
    components: {
      messages: by((event) => [event.message.name, message(event)]),
      schemas: {
        EventHeaders: headersSchema(),
        ...Object.fromEntries(
          withParts(events.map((event) => event.message)).map((part) => [part.name, schemaOf(part)]),
        ),
      },
    },
  }
}

const channel = ({ message: { name }, subject, stream }: EventContract) => ({
  address: subject,
  description: `In the stream ${stream}.`,
  messages: { [name]: { $ref: `#/components/messages/${name}` } },
})

const operation = ({ message: { name }, comment }: EventContract) => ({
  action: 'send',
  channel: { $ref: `#/channels/${name}` },
  ...(comment ? { summary: comment } : {}),
  messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
})

const message = ({ message: desc, type, source, comment }: EventContract) => ({
  name: type,
  title: desc.name,
  ...(comment ? { summary: comment } : {}),
  contentType: 'application/json',
  headers: {
    allOf: [
      { $ref: '#/components/schemas/EventHeaders' },
      { type: 'object', properties: { 'ce-type': { const: type }, 'ce-source': { const: source } } },
    ],
  },
  payload: { $ref: schemaRef(desc) },
})

function headersSchema() {
  const headers = messageHeaders()
  return {
    type: 'object',
    description: 'CloudEvents 1.0 in the binary mode of its NATS binding. Names are case-sensitive.',
    properties: Object.fromEntries(
      headers.map(([name, { schema, meaning }]) => [name, { ...schema, description: meaning }]),
    ),
    required: headers.filter(([, { isOptional }]) => !isOptional).map(([name]) => name),
  }
}

import type { DescMessage } from '@bufbuild/protobuf'
import { streams } from '../../../internal/platform/streams.ts'
import { commentOf, type EventContract } from './contracts.ts'
import { messageHeaders } from './headers.ts'
import { typeOf, withParts } from './schemas.ts'

/** docs/events.md, for people. */
export function eventsMarkdown(events: readonly EventContract[]): string {
  const messages = events.map(({ message }) => message)
  const parts = withParts(messages).filter((message) => !messages.includes(message))
  return [
    intro,
    '## Events',
    table(
      ['subject', 'stream', 'what happened'],
      events.map(({ message, subject, stream, comment }) => [
        `[${subject}](#${message.name.toLowerCase()})`,
        stream,
        comment || '–',
      ]),
    ),
    '## Headers',
    'Names are case-sensitive, as NATS has them.',
    table(
      ['header', 'meaning'],
      messageHeaders().map(([name, { meaning, isOptional }]) => [
        `\`${name}\``,
        isOptional ? `${meaning} (only then)` : meaning,
      ]),
    ),
    '## Payloads',
    payloadRules,
    ...events.flatMap(({ message, type }) => section(message, `\`${type}\`. ${commentOf(message)}`.trim())),
    '## Parts of payloads',
    ...parts.flatMap((message) => section(message, commentOf(message))),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n')
}

const intro = `<!-- Made from proto/ by \`npm run docs\`. Do not edit. -->

# Events

Tillstream tells what happened on NATS JetStream: ${streams.map(({ name, family }) => `${name} (\`${family}.>\`)`).join(', ')}.
The same is in [asyncapi.json](asyncapi.json), for machines.

- **At least once.** An event reaches its stream after its transaction has committed, and it may come more than once.
  Acknowledge it after your effect, and deduplicate by \`ce-id\`.
- **In order for each thing.** Within a stream, events with the same \`ce-subject\` come in the order of
  \`ce-aggregateversion\`. After a failure you may see an old one again; you have nothing to do for a version that you have
  passed.
- **For 14 days** (\`STREAM_MAX_AGE_DAYS\`). If the broker loses its store, all events of that time are published again with
  the same \`ce-id\` and \`x-replay: 1\`.
- **Compatible.** Contracts only gain fields. A change that cannot be compatible gets a new subject and a new \`ce-type\`.
- **Check what you read.** Whoever may publish to the broker can publish to these subjects.

[examples/subscribe-orders.ts](../examples/subscribe-orders.ts) is a complete subscriber.`

const payloadRules = `JSON as Protocol Buffers define it: 64-bit integers are strings, times are RFC 3339 in UTC. Every field is there
unless it is called optional; an empty text means "none". Amounts are whole numbers of the currency's minor units (cents).`

function section(message: DescMessage, text: string): readonly string[] {
  const rows = message.fields.map((field) => [
    `\`${field.jsonName}\``,
    typeOf(field),
    commentOf(field) || '–',
  ])
  return [`### ${message.name}`, ...(text ? [text] : []), table(['field', 'type', 'meaning'], rows)]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

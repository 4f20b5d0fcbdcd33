import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import pg from 'pg'
import { natsOptions } from '../../platform/nats-access.ts'
import { textColumnsSql } from './texts-of-databases.ts'

/** Looks for texts in everything that is stored: each column that can hold one, whatever its service says of it. */
export async function findInDatabase(
  databaseUrl: string,
  texts: readonly string[],
  isExempt: (column: string) => boolean = () => false,
): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ relation: string; name: string; type: string }>(textColumnsSql)
    const found: string[] = []
    for (const { relation, name, type } of rows) {
      const column = `${relation}.${name}`
      if (isExempt(column)) continue
      // What all texts begin with is looked for first, so that many texts with the same beginning cost little.
      const held = await client.query<{ text: string }>(
        `select distinct wanted.text
         from (select lower(${textOf(name, type)}) as text from ${relation} t) as held
         join unnest($1::text[]) as wanted(text) on strpos(held.text, lower(wanted.text)) > 0
         where strpos(held.text, $2) > 0`,
        [texts, commonStart(texts)],
      )
      found.push(...held.rows.map(({ text }) => `${column} has ${text}`))
    }
    return found
  } finally {
    await client.end()
  }
}

/** In small letters; empty when they have no beginning in common. */
function commonStart(texts: readonly string[]): string {
  const [first = '', ...others] = texts.map((text) => text.toLowerCase())
  let length = first.length
  while (!others.every((other) => other.startsWith(first.slice(0, length)))) length--
  return first.slice(0, length)
}

/** Bytes may be a text, such as the event in a dead letter. */
const textOf = (name: string, type: string): string =>
  type === 'bytea' ? `encode(t."${name}", 'escape')` : `t."${name}"::text`

/** The same in every message of every stream, with its headers. */
export async function findInStreams(
  natsUrl: string,
  texts: readonly string[],
): Promise<{ readonly found: readonly string[]; readonly messages: number }> {
  const nats = await connect(natsOptions(natsUrl))
  try {
    const found: string[] = []
    let messages = 0
    const start = commonStart(texts)
    for await (const { config, state } of (await jetstreamManager(nats)).streams.list()) {
      if (state.messages === 0) continue
      const consumer = await jetstream(nats).consumers.get(config.name) // an ordered one, from the first message on
      const reading = await consumer.consume({ max_messages: 1_000 })
      for await (const message of reading) {
        messages++
        const headers = message.headers?.keys().map((key) => message.headers?.get(key) ?? '') ?? []
        const all = [message.subject, message.string(), ...headers].join('\n').toLowerCase()
        if (all.includes(start))
          for (const text of texts)
            if (all.includes(text.toLowerCase())) found.push(`${message.subject} ${message.seq} has ${text}`)
        if (message.info.pending === 0) break
      }
      await reading.close()
    }
    return { found, messages }
  } finally {
    await nats.close()
  }
}

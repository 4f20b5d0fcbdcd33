import { jetstreamManager } from '@nats-io/jetstream'
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
      const held = await client.query<{ text: string }>(
        `select wanted.text from unnest($1::text[]) as wanted(text)
         where exists (select from ${relation} t where strpos(lower(${textOf(name, type)}), lower(wanted.text)) > 0)`,
        [texts],
      )
      found.push(...held.rows.map(({ text }) => `${column} has ${text}`))
    }
    return found
  } finally {
    await client.end()
  }
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
    const manager = await jetstreamManager(nats)
    const found: string[] = []
    let messages = 0
    for await (const { config, state } of manager.streams.list()) {
      for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
        const message = await manager.streams.getMessage(config.name, { seq }).catch(() => null)
        if (!message) continue
        messages++
        const headers = message.header.keys().map((key) => message.header.get(key))
        const all = [message.subject, message.string(), ...headers].join('\n').toLowerCase()
        for (const text of texts)
          if (all.includes(text.toLowerCase())) found.push(`${message.subject} ${seq} has ${text}`)
      }
    }
    return { found, messages }
  } finally {
    await nats.close()
  }
}

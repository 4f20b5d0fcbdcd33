import type { OutboxEvents } from '../domain/judge-streams.ts'
import type { Query } from './check.ts'

/** Rows of one FETCH: some 2 MB. */
const fetchRows = 20_000

const outboxEventsSql = `
  select split_part(subject, '.', 1) as family, id::text,
    case when u.seq is null then (extract(epoch from o.occurred_at) * 1000)::float8 end as published_ms
  from producer.outbox o left join producer.unpublished u on u.seq = o.seq`

/** All events of one database's outbox. The query must run in a transaction. */
export async function readOutbox(query: Query): Promise<OutboxEvents> {
  const events = new Map<string, { published: Map<string, number>; unpublished: Set<string> }>()
  await query(`declare outbox_events no scroll cursor for ${outboxEventsSql}`)
  for (;;) {
    const rows = await query<{ family: string; id: string; published_ms: number | null }>(
      `fetch ${fetchRows} from outbox_events`,
    )
    for (const { family, id, published_ms } of rows) {
      let ofFamily = events.get(family)
      if (!ofFamily) events.set(family, (ofFamily = { published: new Map(), unpublished: new Set() }))
      if (published_ms === null) ofFamily.unpublished.add(id)
      else ofFamily.published.set(id, published_ms)
    }
    if (rows.length < fetchRows) return events
  }
}

import pg from 'pg'
import type { Snapshot } from '../application/audit.ts'
import { maxOffenders, type Invariant } from '../domain/invariant.ts'
import type { OrderHistories, Settlements } from '../domain/judge-orders.ts'
import type { OutboxEvents } from '../domain/judge-streams.ts'
import type { AuditCheck } from './check.ts'
import { auditChecks, orderHistoriesSql, outboxEventsSql, settlementsSql } from './order-sql.ts'

/** Far above what a million orders take; it only keeps a lost audit from running for ever. */
const statementTimeoutMs = 120_000
/** Rows of one FETCH: some 2 MB. */
const fetchRows = 20_000

type Row = Record<string, unknown>
type SettlementsRow = Omit<Settlements, 'order' | 'reservation'> & {
  readonly order: string | null
  readonly reservation: string | null
}
type Query = <Found extends Row>(sql: string) => Promise<Found[]>

/**
 * One read-only transaction over all schemas: the audit is the only code that looks across services, and it takes for
 * granted that they share one database. On separate ones there is no common moment to look at.
 */
export async function withPgSnapshot<Result>(
  databaseUrl: string,
  look: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'tillstream-audit',
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementTimeoutMs,
  })
  // A connection that breaks fails the query under way; without a listener it would end the process too.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    // Hash joins of everything with everything, in memory; compiling them takes longer than running them.
    await client.query(`set local work_mem = '128MB'; set local jit = off`)
    return await look(
      snapshotOf(async <Found extends Row>(sql: string) => (await client.query<Found>(sql)).rows),
    )
  } finally {
    await client.end()
  }
}

function snapshotOf(query: Query): Snapshot {
  return {
    orderHistories: () => query<OrderHistories>(orderHistoriesSql),
    settlements: async () => {
      const rows = await query<SettlementsRow>(settlementsSql)
      return rows.map((row) => ({
        ...row,
        order: row.order ?? undefined,
        reservation: row.reservation ?? undefined,
      }))
    },
    invariants: async () => {
      const judged: Invariant[] = []
      for (const check of auditChecks) judged.push(...(await runCheck(query, check)))
      return judged
    },
    outboxEvents: () => readOutbox(query),
  }
}

async function runCheck(
  query: Query,
  { names, checked, offenders }: AuditCheck,
): Promise<readonly Invariant[]> {
  const [counted] = await query<{ checked: number }>(`select (${checked})::int as checked`)
  const found = await query<{ name: string; violations: number; offenders: string[] }>(`
    select name, count(*)::int as violations, (array_agg(offender))[1:${maxOffenders}] as offenders
    from (${offenders}) as offenders(name, offender) group by name`)
  return names.map((name) => {
    const { violations = 0, offenders: named = [] } = found.find((row) => row.name === name) ?? {}
    return { name, checked: counted?.checked ?? 0, violations, offenders: named }
  })
}

async function readOutbox(query: Query): Promise<OutboxEvents> {
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

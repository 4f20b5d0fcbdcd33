import pg from 'pg'
import { isDatabaseOutage } from '../../platform/database.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Snapshot } from '../application/audit.ts'
import type { Aggregate } from '../domain/aggregate.ts'
import { listed, type Database } from '../domain/databases.ts'
import type { AuditCheck, Query } from './check.ts'
import { readOutbox } from './outbox-events.ts'

/** Far above what a million orders take; it only keeps a lost audit from running for ever. */
const statementTimeoutMs = 120_000

type Opened = { readonly client: pg.Client; readonly query: Query; readonly services: readonly string[] }

/**
 * One read-only transaction in each database. All of them have their snapshot before `look` is called, so that the
 * moments are close to each other. An error says whose database it was.
 */
export async function withPgSnapshots<Result>(
  databases: readonly Database[],
  aggregates: readonly Aggregate[],
  look: (snapshots: readonly Snapshot<AuditCheck>[]) => Promise<Result>,
): Promise<Result> {
  // All are waited for, whatever comes of them, so that none is left open.
  const connecting = await Promise.allSettled(
    databases.map((database) => open(database, databases.length === 1)),
  )
  const opened = connecting.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  try {
    for (const result of connecting) if (result.status === 'rejected') throw result.reason
    await Promise.all(opened.map(({ query }) => beginReading(query)))
    // A transaction has no snapshot before its first statement that reads.
    await Promise.all(opened.map(({ query }) => query('select 1')))
    return await look(opened.map((database) => snapshotOf(database, aggregates)))
  } finally {
    await Promise.all(opened.map(({ client }) => client.end()))
  }
}

async function open({ url, services }: Database, isOnlyOne: boolean): Promise<Opened> {
  const whose = isOnlyOne ? 'the database' : `the database of ${listed(services)}`
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tillstream-audit',
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementTimeoutMs,
  })
  // A connection that breaks fails the query under way; without a listener it would end the process too.
  client.on('error', () => undefined)
  await client.connect().catch((err: unknown) => Promise.reject(failureOf(whose, err)))
  const query: Query = async <Found extends Record<string, unknown>>(sql: string) => {
    try {
      return (await client.query<Found>(sql)).rows
    } catch (err) {
      throw failureOf(whose, err)
    }
  }
  return { client, query, services }
}

async function beginReading(query: Query): Promise<void> {
  await query('begin isolation level repeatable read read only')
  // Hash joins of everything with everything, in memory; compiling them takes longer than running them.
  await query(`set local work_mem = '128MB'; set local jit = off`)
}

function snapshotOf({ query, services }: Opened, aggregates: readonly Aggregate[]): Snapshot<AuditCheck> {
  // Each database has an outbox of its own, and a log beside it.
  const here = aggregates.filter(({ service }) => service === 'producer' || services.includes(service))
  return {
    services,
    judge: (check) => check.judge({ query, aggregates: here }),
    outboxEvents: () => readOutbox(query),
  }
}

function failureOf(whose: string, err: unknown): Error {
  const { message = '', code = '' } = err as { message?: string; code?: string }
  const reason = message || code || String(err) // an AggregateError (every address refused) has no message of its own
  return isDatabaseOutage(err)
    ? new Refusal(
        'unavailable',
        'database.unavailable',
        `${whose} does not answer (${reason}); try again in a moment`,
      )
    : new Error(`${whose} cannot be read: ${reason}`, { cause: err })
}

import pg from 'pg'
import { isDatabaseOutage } from '../../platform/database.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Activity, ActivityFilter, ActivityLog } from '../application/activities.ts'

const timeoutMs = 5_000

const select = `
  select id, at, actor_kind as "actorKind", actor_id as "actorId", what, subject_id as "subjectId", before, after, reason,
    address, correlation_id as "correlationId"
  from producer.activity`

/** Connects for each question, because an admin asks seldom, and there may be as many databases as services. */
export function postgresActivityLog(databaseUrl: string): ActivityLog {
  return {
    async page(filter) {
      const client = new pg.Client({
        connectionString: databaseUrl,
        application_name: 'tillstream-log',
        connectionTimeoutMillis: timeoutMs,
        statement_timeout: timeoutMs,
      })
      // A connection that breaks fails the query under way; without a listener it would end the process too.
      client.on('error', () => undefined)
      try {
        await client.connect()
        const { text, values } = pageQuery(filter)
        return (await client.query<Activity>(text, values)).rows
      } catch (err) {
        if (!isDatabaseOutage(err)) throw err
        throw new Refusal(
          'unavailable',
          'database.unavailable',
          'a database does not answer; try again in a moment',
        )
      } finally {
        await client.end().catch(() => undefined)
      }
    },
  }
}

function pageQuery({ actorId, what, from, limit, after }: ActivityFilter) {
  const values: unknown[] = []
  const conditions: string[] = []
  const add = (condition: (parameter: string) => string, value: unknown): void => {
    if (value === undefined) return
    values.push(value)
    conditions.push(condition(`$${values.length}`))
  }
  add((parameter) => `actor_id = ${parameter}::uuid`, actorId)
  if (what?.endsWith('.')) add((parameter) => `starts_with(what, ${parameter})`, what)
  else add((parameter) => `what = ${parameter}`, what)
  add((parameter) => `at >= ${parameter}::timestamptz`, from)
  add((parameter) => `id < ${parameter}::uuid`, after)
  const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''
  return { text: `${select} ${where} order by id desc limit ${limit + 1}`, values }
}

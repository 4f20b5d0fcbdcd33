import { readOnce } from '../../platform/read-once.ts'
import type { Activity, ActivityFilter, ActivityLog } from '../application/activities.ts'

const select = `
  select id, at, actor_kind as "actorKind", actor_id as "actorId", what, subject_id as "subjectId", before, after, reason,
    address, correlation_id as "correlationId"
  from producer.activity`

export const postgresActivityLog = (databaseUrl: string): ActivityLog => ({
  page: (filter) =>
    readOnce('tillstream-log', [databaseUrl], async ([client]) => {
      const { text, values } = pageQuery(filter)
      return (await client?.query<Activity>(text, values))?.rows ?? []
    }),
})

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

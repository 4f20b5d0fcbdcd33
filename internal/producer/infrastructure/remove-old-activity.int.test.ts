import pg from 'pg'
import t, { type Test } from 'tap'
import { openPool } from '../../platform/database.ts'
import { newId } from '../../platform/new-id.ts'
import { poolSql } from '../../platform/pool-sql.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { silent, testScope } from '../../platform/testing/scope.ts'
import { removeOldActivity, sweepActivity } from './remove-old-activity.ts'

const dayMs = 86_400_000
const { url } = await testDatabase(t)

async function world(t: Test, keptDays: number) {
  const options = { url, applicationName: 'test', maxConnections: 3, statementTimeoutMs: 5_000 }
  const sql = poolSql(openPool(testScope(t), silent, options))
  await sql.$executeRawUnsafe('delete from producer.activity')
  return {
    remove: removeOldActivity(sql, { keptMs: keptDays * dayMs, now: () => new Date() }),
    /** An entry for each, so many days old. */
    write: async (...days: readonly number[]): Promise<void> => {
      for (const age of days)
        await sql.$executeRawUnsafe(
          `insert into producer.activity
             (id, at, actor_kind, actor_id, what, subject_id, before, after, reason, address, correlation_id)
           values ($1::uuid, now() - $2::int * interval '1 day', 'user', $1::uuid, 'test.done', $2::text, '{}', '{}', '', '', '')`,
          ...[newId(), age],
        )
    },
    /** How many days old are those that are left, the oldest first. */
    left: async (): Promise<readonly number[]> => {
      const rows = await sql.$queryRawUnsafe<readonly { readonly age: string }[]>(
        'select subject_id as age from producer.activity order by at',
      )
      return rows.map(({ age }) => Number(age))
    },
  }
}

t.test('what is older than it is kept goes, the oldest first, a few at a time', async (t) => {
  const { remove, write, left } = await world(t, 100)
  await write(99, 101, 300, 0, 200)
  t.equal(await remove(2), true)
  t.same(await left(), [101, 99, 0])
  t.equal(await remove(2), false)
  t.same(await left(), [99, 0])
  t.equal(await remove(2), false)
  t.same(await left(), [99, 0])
})

t.test('what is younger than 30 days stays, whatever is asked for', async (t) => {
  const { remove, write, left } = await world(t, -1)
  await write(0, 29, 31)
  await remove()
  t.same(await left(), [29, 0])
})

t.test('an entry that somebody holds is left, and nobody waits for it', async (t) => {
  const { remove, write, left } = await world(t, 100)
  await write(300, 200)
  const other = new pg.Client({ connectionString: url })
  await other.connect()
  t.teardown(() => other.end())
  await other.query("begin; select 1 from producer.activity where subject_id = '300' for update")
  t.equal(await remove(), false)
  t.same(await left(), [300])
  await other.query('rollback')
  await remove()
  t.same(await left(), [])
})

t.test('the sweep goes on while there is more, and after a fault, until it is stopped', async (t) => {
  const stop = new AbortController()
  const answers = [true, new Error('the database is away'), true, false]
  let asked = 0
  const remove = async (): Promise<boolean> => {
    const answer = answers[asked++] ?? false
    if (typeof answer !== 'boolean') throw answer
    return answer
  }
  const ended = sweepActivity({ remove, log: silent }, stop.signal, { rest: 10, pause: 1 })
  await eventually('it has gone on', () => asked > answers.length)
  stop.abort()
  await ended
  const before = asked
  await sweepActivity({ remove, log: silent }, stop.signal)
  t.equal(asked, before)
})

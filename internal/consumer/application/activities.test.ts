import t from 'tap'
import { admin, customer } from '../testing/fixtures.ts'
import { listActivity, type Activity, type ActivityLog } from './activities.ts'

const entry = (id: string): Activity => ({
  ...{ id, at: new Date(0), actorKind: 'user', actorId: 'a', what: 'product.updated', subjectId: 's' },
  ...{ before: '{}', after: '{}', reason: '', address: '', correlationId: '' },
})

/** The log of a database that has these entries. */
const logOf = (...ids: readonly string[]): ActivityLog => ({
  page: async ({ limit, after }) =>
    [...ids]
      .sort()
      .reverse()
      .filter((id) => after === undefined || id < after)
      .slice(0, limit + 1)
      .map(entry),
})

const all = { actorId: undefined, what: undefined, from: undefined }

t.test('pages of several databases are merged by time, and nothing is left out or told twice', async (t) => {
  const list = listActivity({ logs: [logOf('1', '4', '5'), logOf('2', '3', '6'), logOf()] })
  const seen: string[] = []
  for (let after: string | undefined, n = 0; n < 4; n++) {
    const { activities, next } = await list({ ...all, limit: 2, after }, admin)
    seen.push(...activities.map(({ id }) => id))
    after = next
    if (next === undefined) break
  }
  t.same(seen, ['6', '5', '4', '3', '2', '1'])
})

t.test('customers do not see the log', async (t) => {
  const list = listActivity({ logs: [] })
  await t.rejects(list({ ...all, limit: 2, after: undefined }, customer), { code: 'auth.forbidden' })
  await t.rejects(list({ ...all, limit: 0, after: undefined }, admin), { code: 'log.invalid-limit' })
})

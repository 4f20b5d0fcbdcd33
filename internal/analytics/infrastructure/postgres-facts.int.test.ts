import t from 'tap'
import { openPool } from '../../platform/database.ts'
import { createLog } from '../../platform/log.ts'
import { newId } from '../../platform/new-id.ts'
import { poolSql } from '../../platform/pool-sql.ts'
import { createScope } from '../../platform/run.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Asked } from '../application/ports.ts'
import { rebuildAnalytics } from '../rebuild-service.ts'
import { fact, lamp, mug } from '../testing/fixtures.ts'
import { postgresCounts } from './postgres-counts.ts'
import { postgresFacts } from './postgres-facts.ts'

const { url } = await testDatabase(t)
const scope = createScope(createLog('test', 'silent'), (err) => t.error(err))
t.teardown(() => scope.close())
const options = { url, applicationName: 'analytics', maxConnections: 4, statementTimeoutMs: 10_000 }
const sql = poolSql(openPool(scope, createLog('test', 'silent'), options))
const [facts, counts] = [postgresFacts(sql), postgresCounts(sql)]

t.beforeEach(async () => {
  await sql.$executeRawUnsafe('truncate analytics.facts, analytics.counts')
})

const asked = (asked: Partial<Asked> = {}): Asked => ({
  ...{ from: new Date('2026-11-30T00:00:00Z'), to: new Date('2026-12-01T00:00:00Z') },
  ...{ of: 'ordered', measure: 'count', currency: 'EUR' },
  ...asked,
})

const stored = () =>
  sql.$queryRawUnsafe<unknown[]>('select * from analytics.counts order by kind, product_id, hour, currency')

t.test('a fact counts once, however often it is told', async (t) => {
  const told = fact()
  await facts.add([told, { ...told, at: new Date('2026-11-30T12:00:00Z') }])
  await facts.add([told])
  t.same(await counts.byHour(asked()), [{ hour: new Date('2026-11-30T10:00:00Z'), value: 1n }])
  await facts.add([])
})

t.test('facts that many tell at once count once each', async (t) => {
  const told = Array.from({ length: 200 }, (_, index) => fact({ productId: index % 2 ? mug : undefined }))
  await Promise.all(
    Array.from({ length: 8 }, (_, index) => facts.add(index % 2 ? told : [...told].reverse())),
  )
  t.match(await counts.byHour(asked()), [{ value: 100n }])
  t.same(await counts.byProduct(asked(), 10), [{ productId: mug, value: 100n }])
})

t.test('more facts than fit into a statement are all counted', async (t) => {
  const [subjectId, products] = [newId(), 6_000]
  await facts.add(
    Array.from({ length: products }, () => fact({ subjectId, productId: newId() as typeof mug })),
  )
  t.equal((await counts.byProduct(asked(), products + 1)).length, products)
})

t.test('figures are of their kind, hours, currency and measure', async (t) => {
  await facts.add([
    fact({ units: 3 }),
    fact({ currency: 'USD', amountMinor: 900n }),
    fact({ kind: 'paid' }),
    fact({ at: new Date('2026-11-29T23:59:59Z') }),
    fact({ at: new Date('2026-12-01T00:00:00Z') }),
    fact({ productId: lamp, amountMinor: 700n }),
    fact({ productId: mug, amountMinor: 800n }),
  ])
  t.match(await counts.byHour(asked()), [{ value: 2n }], 'orders of all currencies')
  t.match(await counts.byHour(asked({ measure: 'units' })), [{ value: 4n }])
  t.match(await counts.byHour(asked({ measure: 'amount' })), [{ value: 500n }])
  t.same(await counts.byProduct(asked({ measure: 'amount' }), 1), [{ productId: mug, value: 800n }])
})

t.test('sums that are made anew are the same', async (t) => {
  await facts.add([
    ...[fact(), fact(), fact({ productId: mug }), fact({ kind: 'paid', currency: 'USD' })],
    fact({ at: new Date('2026-11-27T23:59:59.999Z') }),
    fact({ kind: 'viewed', productId: lamp, count: 7, at: new Date('2026-12-01T00:00:00Z') }),
  ])
  const before = await stored()
  t.equal(before.length, 5)
  await sql.$executeRawUnsafe(`update analytics.counts set count = count + 1 where kind = 'ordered'`)
  await sql.$executeRawUnsafe(`delete from analytics.counts where kind = 'viewed'`)
  const told: number[] = []
  t.equal(await rebuildAnalytics(url, (done, days) => void told.push(done, days)), 5)
  t.same(told, [1, 5, 2, 5, 3, 5, 4, 5, 5, 5])
  t.same(await stored(), before)
})

t.test('sums can be made anew of nothing', async (t) => {
  t.equal(await rebuildAnalytics(url, () => t.fail('there is no day')), 0)
})

t.test('sums that are made anew have what is being counted at that moment', async (t) => {
  await facts.add([fact()])
  let rebuilding: Promise<number> | undefined
  await sql.transaction(async (tx) => {
    await postgresFacts({ ...sql, ...tx }).add([fact(), fact()])
    rebuilding = rebuildAnalytics(url, () => undefined)
    await eventually('the lock is waited for', async () => {
      const waiting = `select 1 from pg_locks where not granted and relation = 'analytics.counts'::regclass`
      return (await sql.$queryRawUnsafe<unknown[]>(waiting)).length === 1
    })
  })
  t.equal(await rebuilding, 1)
  t.match(await counts.byHour(asked()), [{ value: 3n }])
})

import t from 'tap'
import { openPool } from '../../platform/database.ts'
import { createLog } from '../../platform/log.ts'
import { poolSql } from '../../platform/pool-sql.ts'
import { createScope } from '../../platform/run.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { filled, item, line, newUserId, now, trace } from '../testing/fixtures.ts'
import { cartsContract, type Told } from '../testing/carts-contract.ts'
import { postgresCarts } from './postgres-carts.ts'

type Row = { readonly subject: string; readonly aggregate_id: string; readonly aggregate_version: number }

async function openCarts(t: Parameters<typeof testDatabase>[0]) {
  const { url } = await testDatabase(t)
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const pool = openPool(scope, log, {
    url,
    applicationName: 'cart',
    maxConnections: 5,
    statementTimeoutMs: 10_000,
  })
  const sql = poolSql(pool)
  let wakes = 0
  const carts = postgresCarts(sql, () => {
    wakes++
  })
  const told = async (): Promise<readonly Told[]> => {
    const rows = await sql.$queryRawUnsafe<Row[]>(
      'select subject, aggregate_id, aggregate_version from producer.outbox order by seq',
    )
    return rows.map(({ subject, aggregate_id, aggregate_version }) => {
      return { type: subject.replace('cart.', ''), cartId: aggregate_id, version: aggregate_version }
    })
  }
  const forgetEvents = async (): Promise<void> => {
    await sql.$executeRawUnsafe('delete from producer.outbox')
  }
  return { sql, carts: { ...carts, forgetEvents }, told, wakes: () => wakes }
}

cartsContract(t, openCarts)

t.test('carts that are written together share statements, and one bad member fails alone', async (t) => {
  const { carts, told, wakes } = await openCarts(t)
  const good = Array.from({ length: 50 }, () => filled({ userId: newUserId() }))
  const bad = filled()
  const broken = { ...bad, state: { ...bad.state, status: 'lost' as 'active' } }
  const results = await Promise.allSettled([...good, broken].map((change) => carts.store(change, trace)))
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 50)
  t.equal(results.at(-1)?.status, 'rejected', "the database's constraint repeats the rule")
  t.equal((await told()).length, 50, 'nothing of the bad one is left')
  t.ok(wakes() <= 51)
})

t.test('a cart of 687 lines is one row', async (t) => {
  const { carts } = await openCarts(t)
  const { state, events } = filled()
  const lines = Array.from({ length: 687 }, (_, index) => line({ quantity: index + 1 }))
  await carts.store({ state: { ...state, lines }, events }, trace)
  t.same((await carts.findById(state.id))?.lines, lines)
})

t.test('a cart is not removed while its events are in the outbox', async (t) => {
  const { carts } = await openCarts(t)
  const { state, events } = filled({ at: new Date(now.getTime() - 1_000_000) }, item())
  await carts.store({ state, events }, trace)
  t.equal(await carts.removeGuests(now, 10), 0)
  await carts.forgetEvents()
  t.equal(await carts.removeGuests(now, 10), 1)
})

t.test('requests older than a week are forgotten', async (t) => {
  const { carts, sql } = await openCarts(t)
  await carts.store(filled({ at: new Date() }), trace, { key: 'young', fingerprint: 'a' })
  await carts.store(filled({ at: new Date(Date.now() - 8 * 86_400_000) }), trace, {
    key: 'old',
    fingerprint: 'a',
  })
  t.equal(await carts.removeOldKeys(10), 1)
  const left = await sql.$queryRawUnsafe<{ key: string }[]>('select key from carts.idempotency_keys')
  t.same(left, [{ key: 'young' }])
})

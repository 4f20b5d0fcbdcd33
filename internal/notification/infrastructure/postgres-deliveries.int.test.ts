import t from 'tap'
import { systemCall, traceOf } from '../../platform/call.ts'
import { requeue } from '../domain/delivery.ts'
import { deliveriesContract } from '../testing/deliveries-contract.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { delivery, feedEntry, newUserId, now } from '../testing/fixtures.ts'
import { openStore } from '../testing/open-store.ts'
import { addSql, newColumns } from './delivery-rows.ts'
import { postgresDeliveries } from './postgres-deliveries.ts'

type Row = { readonly subject: string; readonly aggregate_id: string; readonly aggregate_version: number }

t.test('what staff send again is in the log of who did what', async (t) => {
  const { sql } = await openStore(t)
  const deliveries = postgresDeliveries(sql, () => undefined)
  const lost = { ...delivery(), status: 'unknown' as const }
  await deliveries.add([lost])
  const by = { kind: 'user', id: newUserId(), address: '192.0.2.1' } as const
  const trace = { ...traceOf(systemCall('test')), by }
  const act = {
    what: 'notification.requeued',
    subjectId: lost.id,
    before: { status: 'unknown' },
    after: { status: 'queued' },
  }
  t.equal(await deliveries.store(requeue(lost, now), { once: undefined, trace, act }), true)
  const rows = await sql.$queryRawUnsafe<readonly object[]>(
    'select what, subject_id, actor_id, before, after from producer.activity',
  )
  t.strictSame(rows, [
    {
      what: act.what,
      subject_id: lost.id,
      actor_id: by.id,
      before: '{"status":"unknown"}',
      after: '{"status":"queued"}',
    },
  ])
})

t.test('an entry is not overtaken by one that has a higher position', async (t) => {
  const { sql } = await openStore(t)
  const deliveries = postgresDeliveries(sql, () => undefined)
  const me = newUserId()
  const [slow, quick] = [feedEntry(me), feedEntry(me)]
  let adding: Promise<number> | undefined
  await sql.transaction(async (tx) => {
    await tx.$executeRawUnsafe(addSql, ...newColumns([slow]))
    adding = deliveries.add([quick])
    const isWaiting = `select count(*)::int as count from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`
    await eventually('the second writer waits', async () => {
      const [found] = await tx.$queryRawUnsafe<readonly { readonly count: number }[]>(isWaiting)
      return found?.count === 1
    })
    t.match(await deliveries.follow([{ userId: me, position: 0n }], 10), [{ deliveries: [] }])
  })
  t.equal(await adding, 1)
  const [feed] = await deliveries.follow([{ userId: me, position: 0n }], 10)
  t.same(
    feed?.deliveries.map(({ id }) => id),
    [slow.id, quick.id],
  )
})

deliveriesContract(t, async (t) => {
  const { sql } = await openStore(t)
  return {
    deliveries: postgresDeliveries(sql, () => undefined),
    async told() {
      const rows = await sql.$queryRawUnsafe<readonly Row[]>(
        'select subject, aggregate_id, aggregate_version from producer.outbox order by seq',
      )
      return rows.map(({ subject, aggregate_id, aggregate_version }) => {
        return { type: subject.replace('notification.', ''), id: aggregate_id, version: aggregate_version }
      })
    },
  }
})

import t from 'tap'
import { pauseFailing } from '../../domain/endpoint.ts'
import { endpoint, now } from '../../testing/fixtures.ts'
import { openStore } from '../../testing/open-store.ts'
import { asked, webhooksContract } from '../../testing/webhooks-contract.ts'
import { postgresEndpoints } from './postgres-endpoints.ts'
import { postgresWebhooks } from './postgres-webhooks.ts'

webhooksContract(t, async (t) => {
  const { sql } = await openStore(t)
  return { endpoints: postgresEndpoints(sql, () => undefined), webhooks: postgresWebhooks(sql) }
})

t.test('an endpoint that is paused for its failures is told of, once', async (t) => {
  const { sql } = await openStore(t)
  let woken = 0
  const endpoints = postgresEndpoints(sql, () => {
    woken++
  })
  const failing = endpoint()
  await endpoints.add(failing, asked())
  const paused = pauseFailing(failing, 'http-410', now)
  t.equal(await endpoints.pause(paused), true)
  t.equal(await endpoints.pause(paused), false)
  t.equal(woken, 1)
  const rows = await sql.$queryRawUnsafe<readonly object[]>(
    'select subject, aggregate_id, aggregate_version, data from producer.outbox',
  )
  t.match(rows, [
    {
      ...{ subject: 'notification.endpoint_paused', aggregate_id: failing.id, aggregate_version: 1 },
      data: /"reason": ?"http-410"/,
    },
  ])
})

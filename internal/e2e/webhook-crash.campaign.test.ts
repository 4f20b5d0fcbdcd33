import t from 'tap'
import { postgresEndpoints } from '../notification/infrastructure/webhooks/postgres-endpoints.ts'
import { postgresWebhooks } from '../notification/infrastructure/webhooks/postgres-webhooks.ts'
import { endpoint, publishedEvent } from '../notification/testing/fixtures.ts'
import { openStore } from '../notification/testing/open-store.ts'
import { openReceiver } from '../notification/testing/receiver.ts'
import { asked } from '../notification/testing/webhooks-contract.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { testNats } from '../platform/testing/nats-server.ts'
import { spawnMain } from './testing/spawned.ts'

t.setTimeout(120_000)

t.test('an event whose sender died behind the answer is sent again, under the same id', async (t) => {
  const { url: databaseUrl, sql } = await openStore(t)
  const [receiver, broker] = [await openReceiver(t), await testNats(t)]
  const env = {
    ...{ DATABASE_URL: databaseUrl, NATS_URL: broker.url, WEBHOOKS_ALLOW_PRIVATE: 'true' },
    ...{ LOG_LEVEL: 'info', JWT_SECRET: 'a secret that only this test knows' },
  }
  const webhooks = postgresWebhooks(sql)
  await postgresEndpoints(sql, () => undefined).add(endpoint({ url: receiver.url }), asked())
  const first = publishedEvent()
  const second = publishedEvent({ aggregateId: first.aggregateId })
  const start = { stream: 'OTHER', incarnation: 'a', seq: 0, mark: '' }
  await webhooks.begin(start)
  await webhooks.advance(start, { ...start, seq: 2 }, [first, second], new Date())

  const dying = spawnMain(t, 'cmd/notification', { ...env, TILLSTREAM_FAILPOINTS: 'webhook-answer:1' })
  t.equal(await dying.ended, 'SIGKILL')
  t.match(dying.output(), 'failpoint webhook-answer reached')
  t.same(
    receiver.received.map(({ id }) => id),
    [first.id],
  )
  const next = spawnMain(t, 'cmd/notification', env)
  await eventually('both have arrived', () => receiver.received.length === 3, 60_000)
  t.same(
    receiver.received.map(({ id }) => id),
    [first.id, first.id, second.id],
    'and what comes behind it has waited',
  )
  await eventually('both are delivered', async () => (await webhooks.countQueued()).queued === 0)
  await next.stop()
})

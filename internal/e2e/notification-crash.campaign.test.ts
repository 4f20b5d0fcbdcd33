import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { SMTPServer } from 'smtp-server'
import t, { type Test } from 'tap'
import { NotificationService } from '../gen/notification/v1/notification_pb.ts'
import { UserService } from '../gen/user/v1/user_pb.ts'
import { postgresDeliveries } from '../notification/infrastructure/postgres-deliveries.ts'
import { delivery } from '../notification/testing/fixtures.ts'
import { openStore } from '../notification/testing/open-store.ts'
import { account } from '../gateway/testing/fake-services.ts'
import { createLog } from '../platform/log.ts'
import { connectNats } from '../platform/nats.ts'
import { newId } from '../platform/new-id.ts'
import { remote, serveRpc } from '../platform/rpc.ts'
import { createScope } from '../platform/run.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { testNats } from '../platform/testing/nats-server.ts'
import { spawnMain } from './testing/spawned.ts'

// The notification service dies in the moment of sending. Nobody knows then whether the mail was sent, so it is not sent
// again by itself.

t.setTimeout(120_000)

async function openMailServer(t: Test) {
  const messageIds: string[] = []
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], logger: false },
    onData(stream, _session, done) {
      let text = ''
      stream.on('data', (part: Buffer) => (text += part.toString()))
      stream.on('end', () => {
        messageIds.push(/^message-id: (.*)\r$/im.exec(text)?.[1] ?? '')
        done()
      })
    },
  })
  server.on('error', () => undefined) // the client dies
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return { messageIds, url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}` }
}

/** The broker, with the user service's place taken by one that knows everybody. */
async function openBroker(t: Test) {
  const broker = await testNats(t)
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const access = { url: broker.url, user: '', password: '', creds: '', nkey: '', ca: '' }
  const nats = await connectNats(scope, log, access, 'test')
  const users = new Proxy({}, { get: () => async () => ({ user: account }) })
  serveRpc(scope, log, nats, 'user', UserService, users as Parameters<typeof serveRpc<typeof UserService>>[5])
  return { url: broker.url, notifications: remote(nats, 'notification', NotificationService) }
}

t.test('a mail whose sender died is unknown, is shown to staff, and sent again by them only', async (t) => {
  const { url: databaseUrl, sql } = await openStore(t)
  const [mail, broker] = [await openMailServer(t), await openBroker(t)]
  const env = {
    ...{ DATABASE_URL: databaseUrl, NATS_URL: broker.url, SMTP_URL: mail.url, SMTP_TIMEOUT_MS: '500' },
    ...{ LOG_LEVEL: 'info', JWT_SECRET: 'a secret that only this test knows' },
  }
  const deliveries = postgresDeliveries(sql, () => undefined)
  const lost = delivery({ nextAt: new Date(), createdAt: new Date() })
  await deliveries.add([lost])
  const statusIs = (status: string) =>
    eventually(`it is ${status}`, async () => (await deliveries.find(lost.id))?.status === status)

  const dying = spawnMain(t, 'cmd/notification', { ...env, TILLSTREAM_FAILPOINTS: 'send-answer:1' })
  t.equal(await dying.ended, 'SIGKILL')
  t.match(dying.output(), 'failpoint send-answer reached')
  await statusIs('sending')
  t.equal(mail.messageIds.length, 1, 'the mail server has it')

  const next = spawnMain(t, 'cmd/notification', env)
  await statusIs('unknown')
  const other = delivery({ nextAt: new Date(), createdAt: new Date() })
  await deliveries.add([other])
  await eventually('the next mail is sent', async () => mail.messageIds.length === 2)
  t.match(mail.messageIds, [`<${lost.id}@localhost>`, `<${other.id}@localhost>`])
  const staff = {
    actor: { kind: 'user', userId: newId(), role: 'admin' },
    ...{ correlationId: 'staff', traceparent: '' },
  } as const
  const shown = await broker.notifications.listDeliveries({ status: 'unknown', limit: 10 }, staff)
  t.match(shown.deliveries, [{ id: lost.id, status: 'unknown', failure: 'no-answer' }])

  const once = { key: 'key', fingerprint: 'print' }
  const again = () => broker.notifications.retryDelivery({ id: lost.id }, { ...staff, once })
  t.match(await again(), { delivery: { status: 'queued' }, replayed: false })
  await statusIs('sent')
  t.match(await again(), { delivery: { status: 'sent' }, replayed: true })
  t.equal(
    mail.messageIds.filter((id) => id === `<${lost.id}@localhost>`).length,
    2,
    'with the same Message-ID',
  )
  await next.stop()
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  t.teardown(() => client.end())
  const { rows } = await client.query<{ subject: string }>(
    'select subject from producer.outbox where aggregate_id = $1 order by seq',
    [lost.id],
  )
  t.same(
    rows.map(({ subject }) => subject),
    ['notification.unknown', 'notification.sent'],
  )
})

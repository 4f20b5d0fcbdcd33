import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import type { InboxMail } from '../inbox/domain/mail.ts'
import { freePort } from '../local/system.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { seededRandom } from '../platform/seeded-random.ts'
import { openManyProcesses } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

// The notification service and the mail server are killed in turn while orders are placed. Each mail is there once, or
// it is known that nobody knows.

t.setTimeout(600_000)

const rounds = 12
const ordersOfRound = 4

t.test('each mail is there once, or recorded as unknown, whatever is killed', async (t) => {
  const seed = Math.floor(Math.random() * 2 ** 32)
  t.comment(`seed ${seed}`)
  const random = seededRandom(seed)
  const [port, smtpPort] = [await freePort(), await freePort()]
  const inboxEnv = {
    ...{
      INBOX_PORT: String(port),
      INBOX_SMTP_PORT: String(smtpPort),
      INBOX_DIR: t.testdir(),
      LOG_LEVEL: 'info',
    },
  }
  const openInbox = async () => {
    const inbox = spawnMain(t, 'cmd/inbox', inboxEnv)
    await inbox.says(/"msg":"started"/)
    return inbox
  }
  let inbox = await openInbox()
  const settings = { NOTIFY_BY: 'email', SMTP_URL: `smtp://127.0.0.1:${smtpPort}`, SMTP_TIMEOUT_MS: '1000' }
  const shop = await openManyProcesses(t, settings)
  let [notification] = shop.processes.get('notification')!
  const product = await shop.newProduct(1_000)
  const customer = await shop.api.newCustomer()
  const body = { items: [{ productId: product.id, quantity: 1 }] }
  const place = () => shop.api.request<{ id: string }>('POST', '/orders', { token: customer, body })

  for (let round = 0; round < rounds; round++) {
    await Promise.all(Array.from({ length: ordersOfRound }, place))
    await sleep(Math.floor(random() * 500)) // the moment of the kill, not a wait for anything
    if (round % 3 === 2) {
      inbox.signal('SIGKILL')
      await inbox.ended
      inbox = await openInbox()
    } else {
      notification!.signal('SIGKILL')
      await notification!.ended
      notification = spawnMain(t, 'cmd/notification', shop.env)
      await notification.says(/"msg":"started"/)
    }
  }

  const client = new pg.Client({ connectionString: shop.databaseUrl })
  client.on('error', () => undefined) // the database is dropped with the test
  await client.connect()
  t.teardown(() => client.end())
  type Row = { readonly id: string; readonly kind: string; readonly status: string }
  const deliveries = async (): Promise<readonly Row[]> =>
    (await client.query<Row>('select id, kind, status from notifications.deliveries')).rows
  const orders = rounds * ordersOfRound
  await eventually(
    'every mail has an end',
    async () => {
      const rows = await deliveries()
      const confirmed = rows.filter(({ kind }) => kind === 'order.confirmed')
      return (
        confirmed.length === orders && rows.every(({ status }) => !['queued', 'sending'].includes(status))
      )
    },
    120_000,
  )
  const mails = (await (await fetch(`http://127.0.0.1:${port}/api/messages`)).json()) as readonly InboxMail[]
  const ids = mails.map(({ headers }) => headers.find(({ name }) => name === 'message-id')?.value ?? '')
  const rows = await deliveries()
  t.equal(rows.filter(({ kind }) => kind === 'order.placed').length, orders)
  for (const { id, kind, status } of rows) {
    const count = ids.filter((each) => each.startsWith(`<${id}@`)).length
    const isRight = status === 'sent' ? count === 1 : status === 'unknown' ? count <= 1 : count === 0
    t.ok(isRight, `${kind} ${id} is ${status} and was found ${count} times`)
  }
  t.equal(new Set(ids).size, mails.length)
  const counts = (status: string): number => rows.filter((row) => row.status === status).length
  t.comment(`${counts('sent')} sent, ${counts('unknown')} unknown, ${counts('failed')} failed`)
  await shop.auditIsClean()
})

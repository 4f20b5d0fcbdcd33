import { createServer } from 'node:net'
import { once } from 'node:events'
import t from 'tap'
import { readStackFile } from '../config/stack-file.ts'
import { freePort } from '../local/system.ts'
import { stripeProvider } from '../payment/infrastructure/providers/stripe.ts'
import { createCall, refOf } from '../payment/testing/provider-contract.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { mailboxOf } from './testing/mailbox.ts'
import { openOneProcess } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

const stripeAt = (apiUrl: string) =>
  stripeProvider({
    secretKey: 'sk_test_1',
    webhookSecret: 'whsec_1',
    apiUrl,
    timeoutMs: 5_000,
    multicapture: false,
  })

t.test('npm start runs the payment sandbox beside the services, and again after kill -9', async (t) => {
  const shop = await openOneProcess(t)
  const { paymentSandboxUrl: url = '' } = (await readStackFile(shop.env.DATA_DIR!)) ?? {}
  t.match(shop.processes.get('stack')?.[0]?.output(), `payments   ${url} (sandbox)`)
  const { body } = await shop.api.request<{ data: { id: string }[] }>('GET', '/payment-methods')
  for (const method of ['card', 'ideal', 'paypal'])
    t.ok(
      body.data.some(({ id }) => id === method),
      `${method} is offered, by the account at the sandbox`,
    )
  const call = createCall()
  const ref = refOf(await stripeAt(url).create(call))
  const pidOf = async () => ((await (await fetch(`${url}/healthz`)).json()) as { pid: number }).pid
  const webhook = await (await fetch(`${url}/control/webhook`)).json()
  t.match(webhook, { url: `${shop.url.replace('localhost', '127.0.0.1')}/webhooks/stripe` })
  const first = await pidOf()
  process.kill(first, 'SIGKILL')
  await eventually('another one answers', async () => (await pidOf().catch(() => first)) !== first)
  // The connection of the one that was killed may be tried once more; then nobody knows, and asks again.
  const read = await eventually('the provider knows the payment', async () => {
    const answer = await stripeAt(url).read(ref)
    return answer.kind !== 'unknown' && answer
  })
  t.match(read, { kind: 'found', payment: { ourId: call.ourId, state: 'captured' } })
})

t.test('a port that was asked for and is taken stops the start by its name', async (t) => {
  const port = await freePort()
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const stack = spawnMain(t, 'cmd/stack', {
    ...{ SANDBOX_PORT: String(port), DATA_DIR: t.testdir(), PORT: '0', LOG_LEVEL: 'info' },
    // Servers that need not exist: the sandbox comes before they are reached.
    ...{ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', NATS_URL: 'nats://127.0.0.1:1' },
  })
  t.equal(await stack.ended, 1)
  t.match(stack.output(), `port ${port} of 127.0.0.1 is taken; set SANDBOX_PORT to a free one`)
})

t.test(
  'the inbox keeps its mails and its ports through kill -9, and names a port that is taken',
  async (t) => {
    const shop = await openOneProcess(t, { NOTIFY_BY: 'email' })
    const mailbox = await mailboxOf(shop)
    const welcomed = async (): Promise<string> => {
      const token = await shop.api.newCustomer()
      const { body } = await shop.api.request<{ email: string }>('GET', '/users/me', { token })
      await mailbox.only(body.email, /^Welcome/)
      return body.email
    }
    const first = await welcomed()
    const pidOf = async () => ((await (await fetch(`${mailbox.url}/healthz`)).json()) as { pid: number }).pid
    const killed = await pidOf()
    process.kill(killed, 'SIGKILL')
    await eventually('another one answers', async () => (await pidOf().catch(() => killed)) !== killed)
    t.equal((await mailbox.to(first, /^Welcome/)).length, 1)
    await welcomed()

    const port = new URL(mailbox.url).port
    const stack = spawnMain(t, 'cmd/stack', {
      ...{ INBOX_PORT: port, DATA_DIR: t.testdir(), PORT: '0', LOG_LEVEL: 'info' },
      ...{ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', NATS_URL: 'nats://127.0.0.1:1' },
    })
    t.equal(await stack.ended, 1)
    t.match(stack.output(), `port ${port} of 127.0.0.1 is taken; set INBOX_PORT to a free one`)
  },
)

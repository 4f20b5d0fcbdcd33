import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { stripeSignature } from '../payment-sandbox/infrastructure/send-webhooks.ts'
import { mollieProvider } from '../payment/infrastructure/providers/mollie.ts'
import { stripeProvider } from '../payment/infrastructure/providers/stripe.ts'
import { createCall, refOf } from '../payment/testing/provider-contract.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { answerPage, openSandbox } from './testing/sandbox.ts'

type Received = { readonly headers: IncomingHttpHeaders; readonly body: Buffer }

/** Takes webhooks as a shop does; while it is `away` it answers with 503. */
async function openInbox(t: Test) {
  const received: Received[] = []
  const state = { isAway: false }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => void parts.push(part))
    request.on('end', () => {
      if (!state.isAway) received.push({ headers: request.headers, body: Buffer.concat(parts) })
      response.writeHead(state.isAway ? 503 : 200).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // it listens on TCP
  return { received, state, url: `http://127.0.0.1:${port}/webhooks` }
}

const secret = 'whsec_sandbox'
const timeoutMs = 5_000

async function openStripe(t: Test) {
  const inbox = await openInbox(t)
  const sandbox = await openSandbox(t)
  await sandbox.control('PUT', '/control/webhook', { url: inbox.url })
  const options = { secretKey: 'sk_test_1', webhookSecret: secret, multicapture: false, timeoutMs }
  return { inbox, sandbox, provider: stripeProvider({ ...options, apiUrl: sandbox.url }) }
}

t.test("Stripe's webhooks are signed and name the payment to read", async (t) => {
  const { inbox, provider } = await openStripe(t)
  const ref = refOf(await provider.create(createCall()))
  await eventually('both events have come', () => inbox.received.length >= 2)
  const hints = await Promise.all(
    inbox.received.map(({ headers, body }) => provider.parseWebhook(headers, body)),
  )
  t.strictSame(hints.map((one) => 'what' in one && one.what).toSorted(), [
    'payment_intent.created',
    'payment_intent.succeeded',
  ])
  const [created, succeeded] = hints.toSorted((one, other) => (one.kind < other.kind ? 1 : -1))
  t.match(created, { kind: 'ignored', what: 'payment_intent.created' })
  t.match(succeeded, { kind: 'hint', ref, eventId: /^evt_/ })
})

const isSuccess = ({ body }: { readonly body: Buffer }): boolean =>
  body.toString().includes('payment_intent.succeeded')

t.test('an altered, a forged, an old and an unsigned webhook are all forged', async (t) => {
  const { inbox, provider } = await openStripe(t)
  await provider.create(createCall())
  const { headers, body } = await eventually('it has come', () => inbox.received.find(isSuccess))
  const altered = Buffer.from(body.toString().replace('"amount":1999', '"amount":1998'))
  t.notSame(altered, body)
  const old = stripeSignature(body.toString(), secret, Date.now() - 301_000)
  const signedBy = (key: string) => ({
    'stripe-signature': stripeSignature(body.toString(), key, Date.now()),
  })
  const kinds = [
    provider.parseWebhook(headers, body),
    provider.parseWebhook(signedBy(secret), body),
    provider.parseWebhook(headers, altered),
    provider.parseWebhook(signedBy('whsec_other'), body),
    provider.parseWebhook({ 'stripe-signature': old }, body),
    provider.parseWebhook({}, body),
    provider.parseWebhook(headers, Buffer.from('{}')),
  ].map(async (webhook) => (await webhook).kind)
  t.strictSame(await Promise.all(kinds), ['hint', 'hint', 'forged', 'forged', 'forged', 'forged', 'forged'])
})

t.test('refunds and disputes name their payment too', async (t) => {
  const { inbox, sandbox, provider } = await openStripe(t)
  const ref = refOf(await provider.create(createCall()))
  await sandbox.control('POST', `/control/charges/${ref}/refund`, { amount: 10 })
  await sandbox.control('POST', `/control/charges/${ref}/dispute`, { amount: 10 })
  await eventually('all four have come', () => inbox.received.length >= 4)
  const hints = await Promise.all(
    inbox.received.map(({ headers, body }) => provider.parseWebhook(headers, body)),
  )
  const told = hints.filter(({ kind }) => kind !== 'ignored')
  t.equal(told.length, 3)
  for (const hint of told) t.match(hint, { kind: 'hint', ref })
})

t.test('webhooks are duplicated, forged and dropped as they are told to be', async (t) => {
  const { inbox, sandbox, provider } = await openStripe(t)
  await sandbox.control('PUT', '/control', { webhooks: { duplicate: 1, forge: 1 } })
  await provider.create(createCall())
  await eventually('two events, each twice and forged', () => inbox.received.length >= 6)
  const kinds = inbox.received.map(
    async ({ headers, body }) => (await provider.parseWebhook(headers, body)).kind,
  )
  const forged = (await Promise.all(kinds)).filter((kind) => kind === 'forged')
  t.equal(forged.length, 2)
  await sandbox.control('PUT', '/control', { webhooks: { drop: 1 } })
  await provider.create(createCall())
  await sandbox.control('PUT', '/control', {})
  const ref = refOf(await provider.create(createCall()))
  await eventually('the next payment is told', () => inbox.received.some(({ body }) => body.includes(ref)))
  t.match(await sandbox.control('GET', '/control/webhook'), { url: inbox.url })
})

t.test('a webhook that the shop did not take comes again, even after the sandbox was killed', async (t) => {
  const { inbox, sandbox, provider } = await openStripe(t)
  inbox.state.isAway = true
  const ref = refOf(await provider.create(createCall()))
  sandbox.process.signal('SIGKILL')
  await sandbox.process.ended
  inbox.state.isAway = false
  await sandbox.restart()
  await eventually('it has come', () => inbox.received.some(({ body }) => body.includes(ref)))
})

t.test("Mollie's webhooks carry only an id, the same for everything", async (t) => {
  const inbox = await openInbox(t)
  const sandbox = await openSandbox(t)
  const provider = mollieProvider({ apiKey: 'test_1', apiUrl: sandbox.url, timeoutMs })
  const result = await provider.create(
    createCall({ method: 'ideal', token: undefined, notifyUrl: inbox.url }),
  )
  if (result.kind !== 'requiresAction') throw new Error(result.kind)
  t.equal(await answerPage(result.url, 'approve'), 'https://shop.example/thanks')
  await sandbox.control('POST', `/control/charges/${result.payment.ref}/refund`, { amount: 10 })
  await eventually('all three have come', () => inbox.received.length >= 3)
  for (const { headers, body } of inbox.received) {
    t.equal(body.toString(), `id=${result.payment.ref}`)
    t.match(await provider.parseWebhook(headers, body), {
      kind: 'hint',
      eventId: undefined,
      ref: result.payment.ref,
    })
  }
  for (const [body, kind] of [
    ['id=sub_123', 'ignored'],
    ['id=../control', 'forged'],
    ['', 'forged'],
  ] as const)
    t.equal((await provider.parseWebhook({}, Buffer.from(body))).kind, kind)
})

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { freePort } from '../local/system.ts'
import { mollieProvider } from '../payment/infrastructure/providers/mollie.ts'
import { stripeProvider } from '../payment/infrastructure/providers/stripe.ts'
import { createCall, refOf } from '../payment/testing/provider-contract.ts'
import { newId } from '../platform/new-id.ts'
import { answerPage, openSandbox, type TestSandbox } from './testing/sandbox.ts'
import { spawnMain } from './testing/spawned.ts'

type Charge = {
  readonly ref: string
  readonly paymentId: string | null
  readonly status: string
  readonly captured: number
  readonly refunded: number
  readonly refunds: readonly {
    readonly refundId: string | null
    readonly amount: number
    readonly status: string
  }[]
}

const chargesOf = async (sandbox: TestSandbox) =>
  (await sandbox.control<{ data: readonly Charge[] }>('GET', '/control/charges')).data

const stripeAt = ({ url: apiUrl }: TestSandbox, timeoutMs = 1_000) =>
  stripeProvider({ secretKey: 'sk_test_1', webhookSecret: 'whsec_1', apiUrl, timeoutMs, multicapture: false })

t.test('what it has answered is there after kill -9, in the middle of many calls', async (t) => {
  let sandbox = await openSandbox(t)
  const answered = new Map<string, string>()
  for (let round = 0; round < 3; round++) {
    const provider = stripeAt(sandbox)
    const calls = Array.from({ length: 60 }, async () => {
      const call = createCall()
      const result = await provider.create(call)
      if (result.kind === 'captured') answered.set(call.ourId, result.payment.ref)
    })
    await Promise.race(calls)
    sandbox.process.signal('SIGKILL')
    await Promise.all([...calls, sandbox.process.ended])
    sandbox = await sandbox.restart()
    const charges = new Map((await chargesOf(sandbox)).map((charge) => [charge.paymentId, charge]))
    t.ok(answered.size > 0)
    for (const [ourId, ref] of answered) t.match(charges.get(ourId), { ref, captured: 1_999 })
  }
})

t.test('a key is remembered over kill -9', async (t) => {
  const sandbox = await openSandbox(t)
  const call = createCall()
  const first = refOf(await stripeAt(sandbox).create(call))
  sandbox.process.signal('SIGKILL')
  await sandbox.process.ended
  const again = await sandbox.restart()
  t.equal(refOf(await stripeAt(again).create(call)), first)
  t.equal((await chargesOf(again)).length, 1)
})

/** Repeats an operation as the payment service must: the same key, then a look, then the next attempt. */
async function insist(
  t: Test,
  sandbox: TestSandbox,
): Promise<{ readonly ourId: string; readonly refundId: string }> {
  const provider = stripeAt(sandbox, 250)
  const call = createCall()
  const from = new Date()
  let ref: string | undefined
  for (let attempt = 1; ref === undefined;) {
    const result = await provider.create({ ...call, key: { ...call.key, attempt } })
    if (result.kind !== 'unknown') ref = refOf(result)
    else {
      const found = await provider.find(call.ourId, { from, to: new Date() })
      if (found.kind === 'found') ref = found.payment.ref
      if (found.kind === 'absent') attempt++
    }
  }
  const refundId = newId()
  for (let attempt = 1; ;) {
    const operation = { key: { operationId: refundId, attempt }, ourId: refundId, ref, reason: 'returned' }
    const result = await provider.refund({ ...operation, money: { minor: 999n, currency: 'EUR' } })
    if (result.kind === 'succeeded') break
    if (result.kind !== 'unknown') throw new Error(t.name + JSON.stringify(result.kind))
    const read = await provider.read(ref)
    if (read.kind !== 'found') continue
    if (read.payment.refunds.some((one) => one.ourId === refundId)) break
    attempt++
  }
  return { ourId: call.ourId, refundId }
}

t.test('1,000 operations with every fault on: each is done once, and the books add up', async (t) => {
  const sandbox = await openSandbox(t, { env: { SANDBOX_SEED: '7' } })
  const faults = {
    webhooks: { delayMs: 5, duplicate: 0.2, reorder: 0.2, drop: 0.2, forge: 0.2 },
    calls: { failRate: 0.1, hangRate: 0.02, doThenFailRate: 0.1 },
    lateCapture: 0.5,
  }
  await sandbox.control('PUT', '/control', faults)
  const done: Awaited<ReturnType<typeof insist>>[] = []
  const work = async (): Promise<void> => {
    while (done.length < 500) done.push(await insist(t, sandbox))
  }
  await Promise.all(Array.from({ length: 16 }, work))
  const charges = await chargesOf(sandbox)
  for (const { ourId, refundId } of done) {
    const [charge, ...more] = charges.filter(({ paymentId }) => paymentId === ourId)
    t.equal(more.length, 0, 'one payment for each operation')
    t.match(charge, { captured: 1_999, refunded: 999, refunds: [{ refundId, amount: 999 }] })
    t.equal(charge?.refunds.length, 1)
  }
})

t.test('an approval after a cancel captures all the same, if it is told to', async (t) => {
  const sandbox = await openSandbox(t)
  const provider = stripeAt(sandbox)
  for (const [lateCapture, state] of [
    [0, 'canceled'],
    [1, 'captured'],
  ] as const) {
    await sandbox.control('PUT', '/control', { lateCapture })
    const result = await provider.create(createCall({ token: 'pm_card_threeDSecure2Required' }))
    if (result.kind !== 'requiresAction') throw new Error(result.kind)
    const { ref } = result.payment
    await provider.void({ key: { operationId: newId(), attempt: 1 }, ref, reason: 'expired' })
    t.equal(await answerPage(result.url, 'approve'), 'https://shop.example/thanks')
    t.match(await provider.read(ref), { payment: { state } })
  }
})

t.test('faults are validated strictly, and replaced as a whole', async (t) => {
  const sandbox = await openSandbox(t)
  const put = async (faults: unknown) =>
    (await fetch(`${sandbox.url}/control`, { method: 'PUT', body: JSON.stringify(faults) })).status
  for (const wrong of [
    { lateCapture: 1.1 },
    { lateCapture: -1 },
    { lateCapture: '1' },
    { webhook: {} },
    { webhooks: { lost: 1 } },
    { webhooks: { delayMs: 1e9 } },
    { calls: { failRate: 0.6, hangRate: 0.6 } },
    { calls: null },
    [],
    null,
  ])
    t.equal(await put(wrong), 400, JSON.stringify(wrong))
  t.equal(await put({ lateCapture: 0.5 }), 200)
  t.equal(await put({ calls: { failRate: 0 }, webhooks: { drop: 1 } }), 200)
  t.match(await sandbox.control('GET', '/control'), { lateCapture: 0, webhooks: { drop: 1, duplicate: 0 } })
})

t.test(
  'its page escapes what the shop wrote, runs no script, and control is closed to pages of other sites',
  async (t) => {
    const sandbox = await openSandbox(t)
    const call = createCall({
      token: 'pm_card_threeDSecure2Required',
      description: '<script>alert(1)</script>',
    })
    const result = await stripeAt(sandbox).create(call)
    if (result.kind !== 'requiresAction') throw new Error(result.kind)
    t.equal(result.url, `${sandbox.url}/pay/${result.payment.ref}`)
    const page = await fetch(result.url)
    const html = await page.text()
    t.notMatch(html, '<script>')
    t.match(html, '&lt;script&gt;')
    t.match(page.headers.get('content-security-policy'), "default-src 'none'")
    const headers = { 'sec-fetch-site': 'cross-site' }
    t.equal((await fetch(`${sandbox.url}/control/charges/x/refund`, { method: 'POST', headers })).status, 403)
    t.equal((await fetch(`${sandbox.url}/pay/nothing/approve`, { method: 'POST' })).status, 404)
  },
)

t.test(
  'production refuses it unless it is told otherwise, and a taken port stops it by its name',
  async (t) => {
    const production = { NODE_ENV: 'production', SANDBOX_PORT: '1', LOG_LEVEL: 'info' }
    const refused = spawnMain(t, 'cmd/payment-sandbox', { ...production, SANDBOX_DIR: t.testdir() })
    t.equal(await refused.ended, 1)
    t.match(refused.output(), 'PAYMENT_SANDBOX must be true')
    const allowed = await openSandbox(t, { env: { NODE_ENV: 'production', PAYMENT_SANDBOX: 'true' } })
    const port = new URL(allowed.url).port
    const second = spawnMain(t, 'cmd/payment-sandbox', { SANDBOX_PORT: port, SANDBOX_DIR: t.testdir() })
    t.equal(await second.ended, 1)
    t.match(second.output(), `set SANDBOX_PORT to a free one`)
  },
)

t.test('a provider that is not reached, or turns a key away, did nothing', async (t) => {
  const sandbox = await openSandbox(t)
  const apiUrl = `http://127.0.0.1:${await freePort()}`
  const stripe = { webhookSecret: 'whsec_1', timeoutMs: 2_000, multicapture: false }
  for (const provider of [
    stripeProvider({ ...stripe, secretKey: 'sk_test_1', apiUrl }),
    mollieProvider({ apiKey: 'test_1', apiUrl, timeoutMs: 2_000 }),
    stripeProvider({ ...stripe, secretKey: 'sk_live_1', apiUrl: sandbox.url }),
    mollieProvider({ apiKey: 'live_1', apiUrl: sandbox.url, timeoutMs: 2_000 }),
  ]) {
    t.match(await provider.create(createCall()), { kind: 'unknown', thisCall: 'did-nothing' }, provider.name)
    t.match(await provider.read('tr_1'), { kind: 'unknown' })
  }
})

t.test('an answer of something in between is no answer of the provider', async (t) => {
  const proxy = createServer((_request, response) => {
    response.writeHead(503, { 'content-type': 'application/json' }).end('{"message":"no upstream"}')
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  const { port } = proxy.address() as AddressInfo // it listens on TCP
  const options = { apiUrl: `http://127.0.0.1:${port}`, timeoutMs: 2_000 }
  const stripe = { secretKey: 'sk_test_1', webhookSecret: 'whsec_1', multicapture: false }
  const between = { from: new Date(), to: new Date() }
  const refund = { key: { operationId: newId(), attempt: 1 }, ourId: newId(), ref: 'pi_1', reason: '' }
  for (const provider of [
    stripeProvider({ ...stripe, ...options }),
    mollieProvider({ apiKey: 'test_1', ...options }),
  ])
    for (const call of [
      provider.create(createCall()),
      provider.refund({ ...refund, money: { minor: 1n, currency: 'EUR' } }),
      provider.read('pi_1'),
      provider.find(newId(), between),
      provider.touched(between),
    ])
      t.match(await call, { kind: 'unknown', thisCall: 'may-have-done' }, provider.name)
})

t.test('test keys only: a key of the real provider never comes here', async (t) => {
  const sandbox = await openSandbox(t)
  const status = async (path: string, key: string) =>
    (await fetch(`${sandbox.url}${path}`, { headers: { authorization: `Bearer ${key}` } })).status
  t.strictSame(
    await Promise.all([
      status('/v1/refunds', 'sk_live_1'),
      status('/v1/refunds', 'sk_test_1'),
      status('/v2/payments', 'live_1'),
      status('/v2/payments', 'test_1'),
    ]),
    [401, 200, 401, 200],
  )
})

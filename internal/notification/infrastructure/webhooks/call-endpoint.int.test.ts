import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { Webhook } from 'standardwebhooks'
import t, { type Test } from 'tap'
import { testScope } from '../../../platform/testing/scope.ts'
import type { OutgoingWebhook } from '../../application/webhook-ports.ts'
import { now, webhookDelivery } from '../../testing/fixtures.ts'
import { httpCallEndpoint, messageOf, type CallOptions } from './call-endpoint.ts'
import { newSigningSecret, parseSigningSecret } from './signing-secret.ts'

async function receiver(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
}

const caller = (t: Test, options: Partial<CallOptions> = {}) =>
  httpCallEndpoint(testScope(t), { isPrivateAllowed: true, timeoutMs: 5_000, ...options })

const secrets = [newSigningSecret(), newSigningSecret()]

const webhook = (url: string, overrides: Partial<OutgoingWebhook> = {}): OutgoingWebhook => ({
  ...{ url, secrets, delivery: webhookDelivery(), at: new Date() },
  ...overrides,
})

t.test('what arrives is verified by the official package, with either of two secrets', async (t) => {
  const got: { readonly body: string; readonly headers: Record<string, string> }[] = []
  const url = await receiver(t, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      got.push({
        body: Buffer.concat(chunks).toString(),
        headers: request.headers as Record<string, string>,
      })
      response.writeHead(204).end()
    })
  })
  const delivery = webhookDelivery({ data: '{"order":{"note":"ä \\"quoted\\""}}' })
  t.same(await caller(t)(webhook(url, { delivery })), { kind: 'taken' })
  const [{ body, headers }] = got as [(typeof got)[0]]
  t.equal(headers['webhook-id'], delivery.eventId)
  for (const secret of secrets)
    t.same(new Webhook(secret).verify(body, headers), {
      ...{ type: 'order.created', timestamp: now.toISOString() },
      data: { order: { note: 'ä "quoted"' } },
    })
  t.throws(() => new Webhook(newSigningSecret()).verify(body, headers))
  t.throws(() => new Webhook(secrets[0]!).verify(body.replace('ä', 'a'), headers))
})

t.test('one valid secret makes one signature', async (t) => {
  const { headers } = messageOf(webhook('http://127.0.0.1/', { secrets: secrets.slice(0, 1) }))
  t.match(headers['webhook-signature'], /^v1,\S+$/)
})

t.test('what endpoints answer', async (t) => {
  let elsewhere = 0
  const other = await receiver(t, (_request, response) => {
    elsewhere++
    response.end()
  })
  const url = await receiver(t, (request, response) => {
    const status = Number(request.url?.slice('/hook/'.length))
    response.writeHead(status, status === 302 ? { location: other } : {}).end('no matter')
  })
  const call = caller(t)
  for (const status of [200, 201, 299])
    t.same(await call(webhook(`${url}/${status}`)), { kind: 'taken' }, String(status))
  for (const status of [302, 304, 400, 404, 429, 500, 503])
    t.same(await call(webhook(`${url}/${status}`)), { kind: 'failed', failure: `http-${status}` })
  t.same(await call(webhook(`${url}/410`)), { kind: 'gone' })
  t.equal(elsewhere, 0, 'a redirect is not followed')
})

t.test('an endpoint that says nothing is given up', async (t) => {
  const url = await receiver(t, () => undefined)
  t.same(await caller(t, { timeoutMs: 300 })(webhook(url)), { kind: 'failed', failure: 'timeout' })
})

t.test('of an answer without an end only the beginning is read', async (t) => {
  let written = 0
  const url = await receiver(t, (_request, response) => {
    const timer = setInterval(() => {
      if (response.write(Buffer.alloc(65_536))) written += 65_536
    }, 1)
    response.on('close', () => clearInterval(timer))
  })
  t.same(await caller(t)(webhook(url)), { kind: 'taken' })
  t.ok(written < 20 * 65_536, `${written} bytes`)
})

t.test('an answer that does not end counts by its status', async (t) => {
  const url = await receiver(t, (_request, response) => void response.writeHead(200).write('a'))
  t.same(await caller(t, { timeoutMs: 300 })(webhook(url)), { kind: 'taken' })
})

t.test('nobody there is a failure', async (t) => {
  const failed = await caller(t)(webhook('http://127.0.0.1:1/'))
  t.equal(failed.kind, 'failed')
  t.same(await caller(t)(webhook('http://127.0.0.1:9/')), { kind: 'failed', failure: 'address-refused' })
})

const resolving =
  (...addresses: readonly string[]): LookupFunction =>
  (_hostname, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

t.test('a private address is refused, literal or by its name, whatever it was before', async (t) => {
  let reached = 0
  const url = await receiver(t, (_request, response) => {
    reached++
    response.end()
  })
  const { port } = new URL(url)
  const refused = { kind: 'failed', failure: 'address-refused' }
  const strict = caller(t, { isPrivateAllowed: false, timeoutMs: 1_000 })
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost'])
    t.same(await strict(webhook(`http://${host}:${port}/`)), refused, host)
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '169.254.169.254']) {
    const call = caller(t, { isPrivateAllowed: false, lookup: resolving(address), timeoutMs: 1_000 })
    t.same(await call(webhook(`http://rebound.example:${port}/`)), refused, address)
  }
  const mixed = caller(t, { isPrivateAllowed: false, lookup: resolving('93.184.216.34', '127.0.0.1') })
  t.same(await mixed(webhook(`http://rebound.example:${port}/`)), refused, 'one of several')
  t.equal(reached, 0)
})

t.test('a name that changes what it means is looked at each time it is connected to', async (t) => {
  let reached = 0
  const url = await receiver(t, (_request, response) => {
    reached++
    response.writeHead(200, { connection: 'close' }).end()
  })
  const answers = ['127.0.0.1', '10.0.0.1']
  const seen: string[] = []
  const lookup: LookupFunction = (hostname, options, callback) => {
    const address = answers.shift() ?? '10.0.0.1'
    seen.push(address)
    resolving(address)(hostname, options, callback)
  }
  const call = caller(t, { lookup })
  const named = url.replace('127.0.0.1', 'rebound.example')
  t.same(await call(webhook(named)), { kind: 'taken' })
  const strict = caller(t, { lookup, isPrivateAllowed: false })
  t.same(await strict(webhook(named)), { kind: 'failed', failure: 'address-refused' })
  t.same([seen, reached], [['127.0.0.1', '10.0.0.1'], 1])
})

t.test('a secret of somebody else must be long enough', (t) => {
  const secret = newSigningSecret()
  t.equal(parseSigningSecret(secret), secret)
  const wrong = ['', 'whsec_', 'whsec_c2hvcnQ=', secret.slice(6), `${secret}!`, `whsec_${'A'.repeat(100)}`]
  for (const text of wrong) t.throws(() => parseSigningSecret(text), { code: 'webhook.invalid-secret' }, text)
  t.end()
})

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { createLog } from '../../platform/log.ts'
import { createScope } from '../../platform/run.ts'
import type { Mail } from '../application/ports.ts'
import { newDeliveryId } from '../testing/fixtures.ts'
import { slackWebhook } from './slack-webhook.ts'

// Against a server that answers as Slack documents it for incoming webhooks. The real one was never met.

type Answer = (response: ServerResponse, request: IncomingMessage) => void

async function world(t: Test, answer: Answer) {
  const posted: unknown[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      posted.push(JSON.parse(Buffer.concat(chunks).toString()))
      answer(response, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/B0/secret`
  const scope = createScope(createLog('test', 'silent'), (err) => t.error(err))
  const close = (): void => {
    server.closeAllConnections()
    server.close()
  }
  t.teardown(async () => {
    close()
    await scope.close()
  })
  const slack = slackWebhook(scope, url, { withinMs: 500 })
  const send = async (overrides: Partial<Mail> = {}) => {
    const line = await slack.connect()
    return line.send(await slack.compose({ ...mail, ...overrides }))
  }
  return { posted, send, close }
}

const mail: Mail = {
  ...{
    id: newDeliveryId(),
    to: { email: '', name: '', phone: '' },
    subject: 'Stock is low',
    text: 'SKU: MUG',
    html: '',
  },
  ...{ attachments: [], unsubscribeUrl: undefined },
}
const says =
  (status: number, body: string, headers = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(body)

t.test('a message is sent when Slack says ok, as text in which nothing is a link or a mention', async (t) => {
  const { posted, send } = await world(t, says(200, 'ok'))
  t.same(await send({ text: 'SKU: <!channel> & <https://x|y>' }), { kind: 'sent' })
  t.same(posted, [{ text: 'Stock is low\nSKU: &lt;!channel&gt; &amp; &lt;https://x|y&gt;' }])
})

for (const [status, body] of [
  [400, 'invalid_payload'],
  [403, 'action_prohibited'],
  [404, 'no_service'],
  [410, 'channel_is_archived'],
  [302, ''],
] as const) {
  t.test(`${status} ${body} is final: nothing was sent`, async (t) => {
    const { posted, send } = await world(t, says(status, body, { location: 'http://127.0.0.1:1/' }))
    t.same(await send(), { kind: 'refused', isFinal: true, failure: `slack-${status}` })
    t.equal(posted.length, 1, 'a redirect is not followed')
  })
}

for (const status of [429, 503]) {
  t.test(`${status} means later, and not before Slack wants it: nothing was sent`, async (t) => {
    const { send } = await world(t, says(status, 'rate_limited', { 'retry-after': '30' }))
    t.same(await send(), { kind: 'refused', isFinal: false, failure: `slack-${status}`, afterMs: 30_000 })
    const silent = await world(t, says(status, 'rate_limited'))
    t.same(await silent.send(), { kind: 'refused', isFinal: false, failure: `slack-${status}` })
  })
}

t.test('after a fault of the server nobody knows whether it was sent', async (t) => {
  for (const status of [500, 502, 504]) {
    const { send } = await world(t, says(status, 'rollup_error'))
    t.same(await send(), { kind: 'unknown', failure: `slack-${status}` })
  }
})

t.test('nor when the connection breaks behind the message, or no answer comes', async (t) => {
  const broken = await world(t, (_response, request) => request.socket.resetAndDestroy())
  t.same(await broken.send(), { kind: 'unknown', failure: 'no-answer' })
  t.equal(broken.posted.length, 1, 'and it is not posted again by itself')
  const hanging = await world(t, () => undefined)
  t.same(await hanging.send(), { kind: 'unknown', failure: 'no-answer' })
})

t.test('what could not be connected was not sent', async (t) => {
  const { send, close } = await world(t, says(200, 'ok'))
  close()
  t.same(await send(), { kind: 'refused', isFinal: false, failure: 'slack-unreachable' })
})

t.test('each message has a connection of its own', async (t) => {
  const ports = new Set<number | undefined>()
  const { send } = await world(t, (response, request) => {
    ports.add(request.socket.remotePort)
    response.end('ok')
  })
  for (let n = 0; n < 3; n++) await send()
  t.equal(ports.size, 3)
})

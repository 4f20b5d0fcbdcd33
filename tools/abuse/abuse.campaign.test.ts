// With the machine to itself: it judges how long orders take.
import { connect } from 'node:net'
import { platform } from 'node:os'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { eventually } from '../../internal/platform/testing/eventually.ts'
import { startAbuse, type Abuse } from './abuse.ts'
import type { OrderBody } from '../../internal/e2e/testing/api.ts'
import { openOneProcess } from '../../internal/e2e/testing/shop.ts'

// Clients that do these things are shut out, and meanwhile everybody else buys in good time.

const shop = await openOneProcess(t)
const product = await shop.newProduct(1_000_000)
const token = await shop.api.newCustomer()
const { hostname: host, port } = new URL(shop.url)

/** On Linux all addresses of 127.0.0.0/8 are this machine. */
const addresses =
  platform() === 'linux' ? Array.from({ length: 10 }, (_, index) => `127.0.1.${index + 1}`) : ['']

const abuse = (t: Test, how: Partial<Abuse> & { readonly connections: number }) =>
  startAbuse(t, shop.url, { addresses, ...how })

/**
 * Places so many orders one after the other, and returns how long the slowest took in milliseconds. Who is told to come
 * again in a moment does.
 */
async function slowestOf(t: Test, count: number): Promise<number> {
  let slowest = 0
  for (let bought = 0; bought < count; bought++) {
    const sentAt = performance.now()
    const body = { items: [{ productId: product.id, quantity: 1 }] }
    const order = () => shop.api.request<OrderBody>('POST', '/orders', { token, body })
    let { status } = await order()
    while (status === 503 && performance.now() - sentAt < 30_000) status = (await order()).status
    if (status !== 201) t.fail(`an order got ${status}`)
    slowest = Math.max(slowest, performance.now() - sentAt)
  }
  return slowest
}

/** Two seconds are in good time, or on a slow machine twenty times what the slowest order takes in peace. */
const goodMs = Math.max(2_000, 20 * (await slowestOf(t, 100)))

async function buy(t: Test, count: number): Promise<void> {
  const slowest = await slowestOf(t, count)
  t.ok(
    slowest < goodMs,
    `the slowest of ${count} orders took ${Math.round(slowest)} of ${Math.round(goodMs)} ms`,
  )
}

// These connections are closed after half a minute. The other tests run meanwhile.
const head = ['POST /orders HTTP/1.1', 'host: x', `authorization: Bearer ${token}`]
const opening = [...head, 'content-type: application/json', 'content-length: 100000', '', '{'].join('\r\n')
const slowBodies = abuse(t, { connections: 600, opening, drip: ' ' })

t.test('slow bodies hold no place among the orders', async (t) => {
  await eventually('all are connected', () => slowBodies().connected === 600)
  await buy(t, 50)
})

t.test('10,000 idle connections', { skip: addresses.length < 2 && 'needs ten addresses' }, async (t) => {
  const connections = 10_000
  const state = abuse(t, { connections })
  await eventually('all are connected', () => state().connected + state().failed >= connections, 30_000)
  t.ok(state().connected > 9_900, `${state().connected} are connected`)
  await buy(t, 50)
  // The connections are closed after ten silent seconds, at the check that comes once a second.
  await eventually('all are closed', () => state().closed >= state().connected, 90_000)
})

t.test(
  'more connections of one address than it may have',
  { skip: addresses.length < 2 && 'needs an address of its own' },
  async (t) => {
    const state = abuse(t, { connections: 2_500, addresses: ['127.0.2.1'] })
    await eventually('the rest is refused', () => state().closed + state().failed >= 2_500 - 2_048)
    t.ok(state().connected - state().closed <= 2_048)
    await buy(t, 20)
  },
)

t.test('slowloris: headers that never end', async (t) => {
  const opening = `POST /orders HTTP/1.1\r\nhost: x\r\n`
  const state = abuse(t, { connections: 1_000, opening, drip: 'x-a: b\r\n' })
  await eventually('all are connected', () => state().connected === 1_000)
  await buy(t, 50)
  await eventually('all are closed', () => state().closed === 1_000, 25_000)
  t.match(state().heard, /408 Request Timeout.*application\/problem\+json.*"code":"request.timeout"/s)
})

t.test('a client that asks and asks and never reads', async (t) => {
  const request = `GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n`
  const state = abuse(t, { connections: 20, opening: request.repeat(500), drip: request, reads: false })
  await eventually('all are connected', () => state().connected === 20)
  await buy(t, 50)
  await eventually('all are closed', () => state().closed === 20, 60_000)
})

t.test('headers of any size', async (t) => {
  for (const [what, head] of [
    ['one huge header', `x: ${'x'.repeat(1_000_000)}\r\n`],
    ['very many headers', 'x: y\r\n'.repeat(20_000)],
    ['a huge path', ''],
  ] as const) {
    const path = head === '' ? `/${'x'.repeat(1_000_000)}` : '/products'
    const socket = connect(Number(port), host)
    socket.on('error', () => undefined) // it may be closed before everything is sent
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n${head}`)
    const answer = await text(socket).catch((err: unknown) => String(err))
    t.match(answer, /^HTTP\/1.1 431 |ECONNRESET|EPIPE/, what)
  }
  await buy(t, 10)
})

t.test('slow bodies are closed', async () => {
  await eventually('all are closed', () => slowBodies().closed === 600, 45_000)
})

t.test('after all this the invariants hold', async (t) => {
  await shop.auditIsClean()
  const { status } = await shop.api.request('GET', '/readyz')
  t.equal(status, 200)
})

import { once } from 'node:events'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { readEvents } from '../../platform/testing/event-reader.ts'
import { createApp, type AppOptions } from '../app.ts'
import { orderTokens } from '../guest-tokens.ts'
import { fakeServices, ids, order } from '../testing/fake-services.ts'
import { gatewayOptions, jwtSecret, tokenOf } from '../testing/test-gateway.ts'

const entry = {
  ...{ kind: 'order.shipped', title: 'On its way', text: 'It left.', url: 'https://shop.example/' },
  ...{ orderId: '', createdAt: '2026-11-20T08:00:00.000Z', readAt: '' },
}
const entryId = (number: number): string => `01920000-0000-7000-8000-00000000000${number}`

t.setTimeout(240_000)

/** The gateway on a port, with a feed, an order and ended sessions that the tests control. */
async function open(overrides: Partial<AppOptions> = {}) {
  const world = { feed: [] as string[], order, text: entry.text, sessions: [] as string[], isLost: false }
  const services = fakeServices({
    users: {
      listEndings: async () => ({
        endings: world.sessions.map((sessionId) => ({ sessionId, userId: '', accessVersion: 0 })),
        ...{ asOf: order.createdAt, nextId: '' },
      }),
    },
    orders: {
      async getOrder() {
        if (world.isLost) throw new Refusal('not-found', 'order.not-found', 'gone')
        return { order: world.order }
      },
    },
    notifications: {
      findFeedPosition: async ({ lastId }) => ({
        position: String(lastId === undefined ? world.feed.length : world.feed.indexOf(lastId) + 1),
        lastId: lastId ?? world.feed.at(-1) ?? '00000000-0000-0000-0000-000000000000',
      }),
      followFeeds: async ({ readers }) => ({
        feeds: readers.map(({ position }) => ({
          entries: world.feed.slice(Number(position)).map((id) => ({ ...entry, id, text: world.text })),
          position: String(world.feed.length),
        })),
      }),
    },
  })
  const operationsToken = 'a token of operators'
  const { app } = await createApp({
    ...gatewayOptions(services),
    operationsToken,
    streamTimes: {},
    ...overrides,
  })
  t.teardown(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const mine = { authorization: `Bearer ${tokenOf(app, 'customer')}` }
  const read = (t: Test, path: string, headers: Readonly<Record<string, string>> = mine) =>
    readEvents(t, `${url}${path}`, headers)
  const count = async (): Promise<number> => {
    const told = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${operationsToken}` } })
    return Number(/^tillstream_event_streams_open (\d+)$/m.exec(await told.text())?.[1])
  }
  const allClosed = () => eventually('no stream is open', async () => (await count()) === 0)
  /** A client that asks for its feed, and then reads nothing of what is poured into it. */
  async function neverReads(t: Test) {
    world.text = 'x'.repeat(200_000)
    const { port } = app.server.address() as { readonly port: number } // it listens on a port
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    t.teardown(() => socket.destroy())
    await once(socket, 'connect')
    socket.write(`GET ${feed} HTTP/1.1\r\nhost: x\r\nauthorization: ${mine.authorization}\r\n\r\n`)
    socket.pause()
    await eventually('it is open', async () => (await count()) > 0)
    const filling = setInterval(() => world.feed.push(entryId(1)), 5)
    t.teardown(() => clearInterval(filling))
    return { socket, stopFilling: () => clearInterval(filling) }
  }
  return { app, url, world, read, mine, count, allClosed, neverReads }
}

const feed = '/notifications/stream'
const life = `/orders/${ids.order}/events`

const { app, world, read, mine, allClosed } = await open()

t.test('a feed is followed from now on, and each entry comes once', async (t) => {
  world.feed = [entryId(1)]
  const stream = await read(t, feed)
  t.match(stream, {
    status: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
  })
  await eventually('it says from where to go on', () => stream.lastId() === entryId(1))
  world.feed.push(entryId(2))
  t.match(await stream.next('notification'), {
    id: entryId(2),
    data: { id: entryId(2), title: 'On its way' },
  })
  world.feed.push(entryId(3))
  await stream.next('notification')
  t.same(
    stream.events().map(({ id }) => id),
    [entryId(2), entryId(3)],
  )
})

t.test('a feed goes on behind what was seen last', async (t) => {
  world.feed = [entryId(1), entryId(2)]
  const stream = await read(t, feed, { ...mine, 'last-event-id': entryId(1) })
  t.match(await stream.next('notification'), { id: entryId(2) })
})

t.test('the life of an order is told from its beginning, and goes on', async (t) => {
  const stream = await read(t, life)
  t.match(await stream.next('order.pending'), { id: '1.unpaid-none-none' })
  const confirmed = { status: 'confirmed', at: order.createdAt, reason: '' }
  world.order = { ...order, history: [...order.history, confirmed], paymentStatus: 'paid' }
  const later = await read(t, life, { ...mine, 'last-event-id': stream.lastId() })
  t.match(await later.next('order.confirmed'), { id: '2.unpaid-none-none' })
  t.match(await later.next('order.progress'), { id: '2.paid-none-none', data: { paymentStatus: 'paid' } })
  t.match(await stream.next('order.confirmed'), { id: '2.unpaid-none-none' }, 'nobody has to be told of it')
})

t.test('a guest follows an order with its token, and nobody else does', async (t) => {
  const token = orderTokens([jwtSecret]).issue(ids.order)
  t.equal((await read(t, life, { 'order-token': token })).status, 200)
  t.equal((await read(t, life, { 'order-token': `${token.slice(0, -2)}xx` })).status, 401)
  t.equal((await read(t, life, {})).status, 401)
  t.equal((await read(t, feed, { 'order-token': token })).status, 401)
})

t.test('what is no id of an event is refused', async (t) => {
  for (const id of ['x', '-1', "'; drop table", '1', '1.unpaid', '1.a-b-c-d', '9'.repeat(99)]) {
    for (const path of [feed, life]) {
      const answer = await read(t, path, { ...mine, 'last-event-id': id })
      t.equal(answer.status, 400, `${path} ${id}`)
      await eventually('its code', () => answer.text().includes('request.invalid'))
    }
  }
  const future = await read(t, life, { ...mine, 'last-event-id': '7.unpaid-none-none' })
  t.equal(future.status, 400)
  await eventually('its code', () => future.text().includes('stream.unknown-event-id'))
})

t.test('a stream ends within a second of its session', async (t) => {
  const sid = '01920000-0000-7000-8000-0000000000a9'
  const other = { authorization: `Bearer ${tokenOf(app, 'customer', { sid })}` }
  const stays = await read(t, feed)
  const streams = [await read(t, feed, other), await read(t, life, other)]
  await eventually('both have begun', () => streams.every(({ text }) => text().includes('id: ')))
  const since = performance.now()
  world.sessions = [sid]
  await eventually('both have ended', () => streams.every(({ hasEnded }) => hasEnded()))
  t.ok(performance.now() - since < 1_000)
  t.equal((await read(t, feed, other)).status, 401)
  t.notOk(stays.hasEnded(), 'and no other')
})

t.test('an order that its reader may not see any more is told no further', async (t) => {
  const stream = await read(t, life, { 'order-token': orderTokens([jwtSecret]).issue(ids.order) })
  await stream.next('order.pending')
  world.isLost = true
  await eventually('it has ended', () => stream.hasEnded())
  t.equal((await read(t, life)).status, 404)
  world.isLost = false
})

t.test('when its client goes away, nothing of a stream is left', async (t) => {
  for (const path of [feed, life]) (await read(t, path)).close()
  await allClosed()
})

const one = { underWay: 1, loopDelayMs: Infinity }
const small = await open({
  ...{ streams: { total: 12, perAccount: 2 }, streamTimes: { roundMs: 5, stalledMs: 300 } },
  admission: { orders: one, credentials: one, others: one },
})

t.test('an account has so many streams, and has its place again when one is closed', async (t) => {
  await small.allClosed()
  const [first] = [await small.read(t, feed), await small.read(t, life)]
  const refused = await small.read(t, feed)
  t.equal(refused.status, 429)
  await eventually('its code', () => refused.text().includes('stream.too-many'))
  first.close()
  await eventually('there is room again', async () => (await small.read(t, feed)).status === 200)
})

t.test('what is refused at the beginning holds no place', async (t) => {
  await small.allClosed()
  small.world.isLost = true
  for (let times = 0; times < 4; times++) t.equal((await small.read(t, life)).status, 404)
  small.world.isLost = false
  t.equal(await small.count(), 0)
})

t.test('nobody reads the stream of a HEAD request, so there is none', async (t) => {
  for (const path of [feed, life]) {
    const { status } = await fetch(`${small.url}${path}`, { method: 'HEAD', headers: small.mine })
    t.equal(status, 405)
  }
  t.equal(await small.count(), 0)
})

t.test('an open stream is not work that is under way', async (t) => {
  for (let times = 0; times < 2; times++) t.equal((await small.read(t, feed)).status, 200)
  const path = `${small.url}/users/me`
  await eventually(
    'others are served',
    async () => (await fetch(path, { headers: small.mine })).status === 200,
  )
})

t.test('whoever reads nothing is left, and little is kept for them', async (t) => {
  await small.allClosed()
  const { socket } = await small.neverReads(t)
  await small.allClosed()
  t.ok(socket.bytesRead < 1_000_000)
})

t.test('open streams do not delay the end, whether they are read or not', async (t) => {
  small.world.feed = []
  const stream = await small.read(t, life)
  const { stopFilling } = await small.neverReads(t)
  await eventually('there is much to read', () => small.world.feed.length > 20)
  stopFilling()
  const since = performance.now()
  await small.app.close()
  t.ok(performance.now() - since < 4_000, 'half of what the process waits for others')
  await eventually('it has ended', () => stream.hasEnded())
})

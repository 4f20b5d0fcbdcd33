import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import { front, get, order, overloaded } from '../testing/test-front.ts'

const chunked = (path: string, method = 'POST'): string =>
  `${method} ${path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`

const unusual: readonly (readonly [what: string, bytes: string])[] = [
  ['a chunked body', chunked('/a')],
  ['a chunked read', chunked('/a', 'GET')],
  ['a header that ends connections', 'GET /a HTTP/1.1\r\nhost: x\r\nconnection: foo\r\n\r\n'],
  ['a trailer', 'GET /a HTTP/1.1\r\nhost: x\r\ntrailer: x\r\n\r\n'],
  ['a length with zeros', 'POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 0000000\r\n\r\n'],
]

for (const [what, bytes] of unusual)
  t.test(`${what} does not free its connection from admission`, async (t) => {
    const { talk, bodies } = await overloaded(t)
    const client = talk()
    client.say(order('one'))
    await client.heard(/503/)
    client.say(bytes)
    await sleep(50)
    for (let count = 0; count < 5; count++) client.say(order('smuggled'))
    await client.heard(/503.*503/s)
    t.notOk(bodies.includes('smuggled'), 'nothing behind it is worked on')
  })

t.test('an unusual request is itself asked for', async (t) => {
  const { talk, bodies, admission } = await overloaded(t)
  const client = talk()
  client.say(chunked('/orders'))
  await client.heard(/503/)
  t.same(bodies, ['{}'])
  t.equal(admission.counts()[0]?.underWay, 1)
})

t.test('an incomplete request that is left to Node is asked for as well', async (t) => {
  const { talk, bodies } = await overloaded(t)
  const client = talk()
  client.say(order('slow').slice(0, -2))
  await sleep(1_200)
  client.say('ow')
  await client.heard(/503/)
  t.same(bodies, ['{}'])
})

/** What a connection keeps in memory for a client that reads nothing. */
const waitingBytes = (socket: Socket): number => socket.writableLength + socket.readableLength

const mostWaiting = 512 * 1_024

for (const [what, request, prepare] of [
  ['refusals', order('x'), overloaded],
  ['answers', get('/products'), overloaded],
  ['answers without an overload', get('/products'), front],
] as const)
  t.test(`pipelined ${what} that are never read stop the reading`, async (t) => {
    const { talk, connections } = await prepare(t)
    const client = talk()
    await eventually('it is connected', async () => !client.socket.connecting)
    client.socket.pause()
    const many = Buffer.from(request.repeat(1_000))
    const writing = setInterval(() => {
      if (client.socket.writableLength < 4_194_304) client.socket.write(many)
    }, 2)
    t.teardown(() => clearInterval(writing))
    const served = connections.at(-1)
    let most = 0
    let read = -1
    await eventually('nothing more is read', async () => {
      for (let count = 0; count < 15; count++) {
        await sleep(20)
        most = Math.max(most, served ? waitingBytes(served) : 0)
      }
      const before = read
      read = served?.bytesRead ?? 0
      return read === before
    })
    t.ok(most < mostWaiting, `${most} bytes waited`)
  })

t.test('reading goes on when the client reads again', async (t) => {
  const { talk, connections } = await overloaded(t)
  const client = talk()
  client.socket.pause()
  const count = 20_000
  client.say(order('x').repeat(count))
  await sleep(300)
  t.ok((connections.at(-1)?.bytesRead ?? 0) < count * order('x').length, 'not all of it was read')
  client.socket.resume()
  await eventually('all are refused', async () => client.statuses().length === count, 30_000)
})

import { once } from 'node:events'
import t from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import { front, get, order, overloaded } from '../testing/test-front.ts'

t.test(
  'whoever comes when all places are taken is told when to come again, and the connection ends',
  async (t) => {
    const { talk, held, answer } = await front(t)
    const first = talk()
    first.say(order())
    await eventually('the first is worked on', async () => held.length === 1)
    const second = talk()
    second.say(order())
    await second.heard(/HTTP\/1\.1 503 .*retry-after: 1\r\n.*"code":"overloaded"/is)
    t.match(second.text(), /content-type: application\/problem\+json; charset=utf-8\r\n.*connection: close/is)
    if (!second.socket.destroyed) await once(second.socket, 'close')
    await answer()
    await first.heard(/200 OK.*placed/s)
  },
)

t.test('a connection with more than 64 unanswered requests is closed, and the next one serves', async (t) => {
  const { talk, held, answer } = await front(t)
  const client = talk()
  client.say(order() + get('/products').repeat(63))
  await eventually('the first is worked on', async () => held.length === 1)
  t.notOk(client.socket.destroyed, '64 are not too many')
  client.say(get('/products'))
  if (!client.socket.destroyed) await once(client.socket, 'close')
  await answer()
  const next = talk()
  next.say(get('/products').repeat(64))
  await eventually('all are answered', async () => next.statuses().length === 64)
  next.say(get('/products').repeat(64))
  await eventually('so are those that follow', async () => next.statuses().length === 128)
})

t.test('behind the gate refusals keep the connection, however their bytes come', async (t) => {
  const { talk, bodies } = await overloaded(t)
  const client = talk()
  const text = order('{"a":1}').repeat(3)
  for (const part of [text.slice(0, 10), text.slice(10, 100), text.slice(100)]) {
    client.say(part)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await client.heard(/(503.*){3}/s)
  t.notMatch(client.text(), /connection: close/i)
  t.same(bodies, ['{}'], 'nothing of them was worked on')
  client.say(order())
  await client.heard(/(503.*){4}/s)
})

t.test('what is let in goes through the gate whole, and answers keep their order', async (t) => {
  const { talk, answer, bodies } = await overloaded(t)
  const client = talk()
  // There is room for reads but not for orders.
  client.say(order('one') + get('/products') + order('two') + get('/livez') + order('three'))
  await client.heard(/(HTTP.*){5}/s)
  t.same(client.statuses(), ['503', '200', '503', '200', '503'])
  await answer()
  await new Promise((resolve) => setTimeout(resolve, 20))
  client.say(order('four'))
  await answer()
  await client.heard(/placed/)
  t.same(bodies.slice(-1), ['four'])
  client.say(get('/products/1'))
  await client.heard(/done \/products\/1/)
})

t.test('of what comes together only the two newest get a place while there is too much', async (t) => {
  const { talk, answer, bodies } = await overloaded(t)
  await answer()
  const client = talk()
  await new Promise((resolve) => setTimeout(resolve, 20))
  client.say(['one', 'two', 'three', 'four'].map((body) => order(body)).join(''))
  await answer()
  await answer()
  await client.heard(/(HTTP.*){4}/s)
  t.same(client.statuses(), ['503', '503', '200', '200'])
  t.same(bodies, ['{}', 'three', 'four'])
})

t.test('what comes behind an order is not read until that is answered, and refused then', async (t) => {
  const { talk, answer, held, connections } = await overloaded(t)
  await answer()
  const client = talk()
  client.say(order('one'))
  await eventually('it is worked on', async () => held.length === 1)
  const count = 3_000
  client.say(order('x').repeat(count))
  await new Promise((resolve) => setTimeout(resolve, 100))
  t.equal(connections.at(-1)?.bytesRead, order('one').length)
  const answering = setInterval(() => held.shift()?.(), 5)
  t.teardown(() => clearInterval(answering))
  await eventually('all are answered', async () => client.statuses().length === count + 1)
  const placed = client.statuses().filter((status) => status === '200').length
  t.ok(placed < 20, `of what was read together the newest are placed: ${placed}`)
})

t.test('what the gate does not understand, Node’s parser gets from there on', async (t) => {
  const { talk, bodies } = await overloaded(t)
  const client = talk()
  client.say(`${order('one')}GET /a HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`)
  await new Promise((resolve) => setTimeout(resolve, 20))
  client.say(`0\r\n\r\n${get('/b')}`)
  await client.heard(/503.*done \/a abc.*done \/b/s)
  t.ok(bodies.includes('abc'))
  const stranger = talk()
  stranger.say('hello\r\n\r\n')
  await stranger.heard(/400 Bad Request/)
})

t.test('when it is over, the gate lets everything through', async (t) => {
  const { talk, answer, admission } = await overloaded(t)
  const client = talk()
  client.say(order('one'))
  await client.heard(/503/)
  await answer()
  await eventually('it is over', async () => !admission.isOverloaded())
  client.say(order('two') + order('three'))
  await answer()
  await answer()
  await client.heard(/(placed.*){2}/s)
})

t.test('many connections that come at once are refused without being closed', async (t) => {
  const { talk, held } = await front(t)
  const [first, ...others] = Array.from({ length: 150 }, () => talk())
  first?.say(order())
  await eventually('the only place is taken', async () => held.length === 1)
  const last = others.at(-1)
  last?.say(order())
  await last?.heard(/503/)
  last?.say(get('/x'))
  await last?.heard(/done \/x/)
})

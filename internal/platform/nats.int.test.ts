import t from 'tap'
import { connectNats } from './nats.ts'
import { eventually } from './testing/eventually.ts'
import { stepped } from './testing/stepped-clock.ts'
import { testNats } from './testing/nats-server.ts'
import { silent, testConnection, testScope } from './testing/scope.ts'
import { natsWakeProducer, wakeSubject } from './wake.ts'

t.test('a server that comes late is waited for', async (t) => {
  const server = await testNats(t)
  await server.stop()
  const connecting = testConnection(t, server.url)
  await server.start()
  t.ok((await connecting).isConnected())
})

t.test('a server that goes and comes back is noticed both times, and subscriptions go on', async (t) => {
  const server = await testNats(t)
  const nats = await testConnection(t, server.url)
  let received = 0
  nats.connection.subscribe('x', {
    callback: () => {
      received++
    },
  })
  for (let round = 1; round <= 2; round++) {
    await server.kill()
    await eventually('it is noticed', () => !nats.isConnected())
    await server.start()
    await eventually('it is back', () => nats.isConnected())
    nats.connection.publish('x')
    await nats.connection.flush()
    t.equal(received, round)
  }
})

t.test('a clock that is set back while the server is away does not put off its return', async (t) => {
  const server = await testNats(t)
  const nats = await testConnection(t, server.url)
  const clock = stepped(t)
  clock.offsetMs = 600_000
  await server.kill()
  await eventually('it is noticed', () => !nats.isConnected())
  const attempts = clock.looks
  await eventually('it has tried meanwhile', () => clock.looks > attempts + 3)
  clock.offsetMs = 0
  await server.start()
  await eventually('it is back', () => nats.isConnected())
})

t.test('closing delivers what was published', async (t) => {
  const server = await testNats(t)
  const listener = await testConnection(t, server.url)
  let received = 0
  listener.connection.subscribe('x', {
    callback: () => {
      received++
    },
  })
  await listener.connection.flush()
  const scope = testScope(t)
  const nats = await connectNats(scope, silent, server.url, 'test')
  for (let index = 0; index < 100; index++) nats.connection.publish('x')
  await scope.close()
  t.notOk(nats.isConnected())
  await eventually('all have come', () => received === 100)
  t.same(scope.failures, [])
})

t.test('closing without a server does not hang', async (t) => {
  const server = await testNats(t)
  const scope = testScope(t)
  const nats = await connectNats(scope, silent, server.url, 'test')
  await server.kill()
  await eventually('it is noticed', () => !nats.isConnected())
  await scope.close()
  t.ok(nats.connection.isClosed())
})

t.test('wake-ups that follow closely are sent as one, and the last is not lost', async (t) => {
  const server = await testNats(t)
  const listener = await testConnection(t, server.url)
  const nats = await testConnection(t, server.url)
  let woken = 0
  listener.connection.subscribe(wakeSubject, {
    callback: () => {
      woken++
    },
  })
  await listener.connection.flush()
  const wake = natsWakeProducer(nats)
  for (let index = 0; index < 1_000; index++) wake()
  await eventually('the first and the one for all others', () => woken >= 2)
  t.ok(woken < 50, `${woken} messages for 1,000 calls`)
})

t.test('waking without a server is without effect, and without error', async (t) => {
  const server = await testNats(t)
  const nats = await testConnection(t, server.url)
  await server.kill()
  await eventually('it is noticed', () => !nats.isConnected())
  const wake = natsWakeProducer(nats)
  wake()
  wake()
  t.pass()
})

import { headers } from '@nats-io/transport-node'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { createLog } from '../../platform/log.ts'
import { connectNats, type Nats } from '../../platform/nats.ts'
import { newId } from '../../platform/new-id.ts'
import { createScope } from '../../platform/run.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { testNats } from '../../platform/testing/nats-server.ts'
import type { OpenStream } from './open-streams.ts'
import { staffStreams } from './staff-streams.ts'

const log = createLog('test', 'silent')
const server = await testNats(t)
const scope = createScope(log, () => undefined)
const nats = await connectNats(scope, log, server.url, 'test')
t.teardown(() => scope.close())

type Told = { readonly orderIds: readonly string[]; readonly isMore: boolean }

function watch(t: Test, broker: Nats = nats) {
  const streams = staffStreams(broker, log)
  async function follow() {
    const state = { isReady: true, told: [] as Told[], end: (): void => undefined }
    const stream: OpenStream = {
      ...{ body: new Readable(), mark: () => undefined, end: () => state.end() },
      send: ({ data }) => void state.told.push(data as Told),
      isReady: () => state.isReady,
      onEnd: (ended) => (state.end = ended),
    }
    await streams.follow(stream)
    t.teardown(() => state.end())
    return state
  }
  return { streams, follow }
}

async function publish(...orderIds: readonly string[]): Promise<void> {
  for (const orderId of orderIds) {
    const told = headers()
    told.set('ce-subject', orderId)
    nats.connection.publish('order.paid', '{}', { headers: told })
  }
  await nats.connection.flush()
}

t.test('whoever watches is told to ask for everything, and then which orders have changed', async (t) => {
  const { streams, follow } = watch(t)
  const watcher = await follow()
  streams.round()
  t.match(watcher.told, [{ orderIds: [], isMore: true }])
  const id = newId()
  await publish(id, id)
  await eventually('it is told once', () => {
    streams.round()
    return watcher.told.length === 2
  })
  t.match(watcher.told[1], { orderIds: [id], isMore: false })
  streams.round()
  t.equal(watcher.told.length, 2, 'and nothing when nothing has changed')
})

t.test(
  'who does not read gets it in one piece later, and of more than a hundred only that there are more',
  async (t) => {
    const { streams, follow } = watch(t)
    const [slow, quick] = [await follow(), await follow()]
    slow.isReady = false
    await publish(...Array.from({ length: 130 }, newId))
    await eventually('the quick one has all of them', () => {
      streams.round()
      return quick.told.some(({ isMore, orderIds }) => isMore && orderIds.length > 0)
    })
    t.same(slow.told, [])
    slow.isReady = true
    streams.round()
    t.equal(slow.told.length, 1)
    t.equal(slow.told[0]?.orderIds.length, 100)
  },
)

t.test('after the broker was away everything may have changed', async (t) => {
  const world = { isConnected: true }
  const { streams, follow } = watch(t, { ...nats, isConnected: () => world.isConnected })
  const watcher = await follow()
  streams.round()
  world.isConnected = false
  streams.round()
  t.equal(watcher.told.length, 1)
  world.isConnected = true
  streams.round()
  t.match(watcher.told[1], { orderIds: [], isMore: true })
})

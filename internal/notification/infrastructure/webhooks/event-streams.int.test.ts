import { setTimeout as sleep } from 'node:timers/promises'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import t from 'tap'
import { ensureStream } from '../../../platform/streams.ts'
import { testNats } from '../../../platform/testing/nats-server.ts'
import { testConnection } from '../../../platform/testing/scope.ts'
import { natsEventStreams } from './event-streams.ts'

const limits = { replicas: 1, maxBytes: 64 * 1_048_576, maxAgeDays: 14 }

t.test(
  'a stream is read from the first event that is not older, and an empty one from its beginning',
  async (t) => {
    const nats = await testConnection(t, (await testNats(t)).url)
    const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
    await ensureStream(jsm, 'ORDERS', limits)
    const streams = natsEventStreams(nats, ['order.created'])
    const [longAgo, never] = [new Date(0), new Date(Date.now() + 3_600_000)]
    t.equal(await streams.before('ORDERS', longAgo), 0, 'nothing was published yet')
    t.match(await streams.look('ORDERS'), { last: 0 })
    for (let count = 0; count < 5; count++) {
      await jetstream(nats.connection).publish('order.created', '{}')
      await sleep(5) // the times of messages are compared by the millisecond
    }
    t.equal(await streams.before('ORDERS', longAgo), 0)
    t.equal(await streams.before('ORDERS', never), 5)
    const third = await jsm.streams.getMessage('ORDERS', { seq: 3 })
    t.equal(await streams.before('ORDERS', third!.time), 2)
  },
)

t.test(
  'the last message has the same mark wherever it is asked for, and another one has another',
  async (t) => {
    const nats = await testConnection(t, (await testNats(t)).url)
    await ensureStream(await jetstreamManager(nats.connection, { checkAPI: false }), 'ORDERS', limits)
    const streams = natsEventStreams(nats, ['order.created'])
    const marks = new Set<string>()
    for (let seq = 1; seq <= 20; seq++) {
      await jetstream(nats.connection).publish('order.created', '{}')
      const { mark } = await streams.look('ORDERS')
      t.equal(await streams.markAt('ORDERS', seq), mark)
      t.equal((await streams.read('ORDERS', 0, seq)).mark, mark)
      marks.add(mark)
      await sleep(2)
    }
    t.equal(marks.size, 20)
    t.equal(await streams.markAt('ORDERS', 21), '')
  },
)

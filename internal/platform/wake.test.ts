import { EventEmitter, once } from 'node:events'
import t from 'tap'
import type { Nats } from './nats.ts'
import { natsWakeProducer, wakeSubject } from './wake.ts'

function fakeNats() {
  const published: string[] = []
  const events = new EventEmitter()
  let connected = true
  const connection = {
    publish(subject: string) {
      published.push(subject)
      events.emit('published')
    },
  }
  return {
    nats: { connection, isConnected: () => connected } as unknown as Nats, // all that waking needs of it
    published,
    nextPublish: () => once(events, 'published'),
    disconnect: () => (connected = false),
  }
}

t.test('the first call is sent at once, and those that follow closely as one', async (t) => {
  const { nats, published, nextPublish } = fakeNats()
  const wake = natsWakeProducer(nats)
  for (let n = 0; n < 100; n++) wake()
  t.strictSame(published, [wakeSubject])
  await nextPublish()
  t.strictSame(published, [wakeSubject, wakeSubject])
})

t.test('nothing is kept for a server that is away: the producer looks by itself', (t) => {
  const { nats, published, disconnect } = fakeNats()
  disconnect()
  natsWakeProducer(nats)()
  t.strictSame(published, [])
  t.end()
})

import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { readEvents } from '../platform/testing/event-reader.ts'
import { openSecondGateway } from './testing/second-gateway.ts'
import { openManyProcesses } from './testing/shop.ts'
import { streamsSuite } from './testing/streams-suite.ts'

// Streams at two gateways, with services in processes of their own.

const shop = await openManyProcesses(t, { NOTIFY_BY: 'feed' })
const second = await openSecondGateway(t, shop)

streamsSuite(t, shop, [shop.url, second.url])

t.test('a gateway that is told to stop ends its streams, and does not wait for them', async (t) => {
  const token = await shop.api.newCustomer()
  const stream = await readEvents(t, `${second.url}/notifications/stream`, {
    authorization: `Bearer ${token}`,
  })
  t.equal(stream.status, 200)
  const since = performance.now()
  const stopped = second.process.stop()
  await eventually('the stream has ended', () => stream.hasEnded())
  await stopped
  t.equal(await second.process.ended, 0)
  t.ok(performance.now() - since < 5_000)
})

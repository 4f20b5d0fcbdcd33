import t from 'tap'
import type { Nats } from '../platform/nats.ts'
import type { Health } from '../platform/service.ts'
import { healthy } from './testing/fake-services.ts'
import { testGateway } from './testing/test-gateway.ts'

const silent: Health = {
  checkReadiness: () => new Promise(() => {}),
  readGauges: () => new Promise(() => {}),
}
const broken: Health = {
  checkReadiness: async () => Promise.reject(new Error('away')),
  readGauges: async () => Promise.reject(new Error('away')),
}
const disconnected: Nats = { isConnected: () => false } as Nats // all that is asked of it here

t.test('the process is alive whatever else is not', async (t) => {
  const { send } = await testGateway(t, { health: { order: broken }, nats: disconnected })
  t.strictSame((await send('GET /livez')).json(), { alive: true })
})

t.test('ready is when everything is', async (t) => {
  const nats = { isConnected: () => true } as Nats // all that is asked of it here
  const { send } = await testGateway(t, { health: { user: healthy, order: healthy }, nats })
  const answer = await send('GET /readyz')
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json(), {
    ready: true,
    checks: [
      { name: 'database', ready: true, detail: '' },
      { name: 'database', ready: true, detail: '' },
      { name: 'nats', ready: true, detail: '' },
    ],
  })
})

t.test('not ready says what is not, and does not wait for it', async (t) => {
  const start = performance.now()
  const { send } = await testGateway(t, { health: { user: silent, order: broken }, nats: disconnected })
  const answer = await send('GET /readyz')
  t.equal(answer.statusCode, 503)
  t.equal(answer.headers['retry-after'], '1')
  t.match(answer.json(), {
    ready: false,
    checks: [
      { name: 'user', ready: false },
      { name: 'order', ready: false },
      { name: 'nats', ready: false },
    ],
  })
  t.ok(performance.now() - start < 4_000)
})

t.test('metrics have the requests by route, and what the services say', async (t) => {
  const gauge = { name: 'tillstream_orders', help: 'Orders by status', value: '3' }
  const counting: Health = {
    ...healthy,
    readGauges: async () => ({
      gauges: [
        { ...gauge, labels: [{ name: 'status', value: 'paid' }] },
        { ...gauge, value: '4', labels: [{ name: 'status', value: 'pending' }] },
        { name: 'tillstream_outbox_depth', help: 'Unpublished', labels: [], value: '0' },
      ],
    }),
  }
  const { send } = await testGateway(t, { health: { order: counting, consumer: broken, user: silent } })
  await send('GET /products/01920000-0000-7000-8000-0000000000f0')
  await send('GET /nowhere')
  const answer = await send('GET /metrics')
  t.match(answer.headers['content-type'], 'text/plain')
  for (const line of [
    'http_request_duration_seconds_count{method="GET",route="/products/:id",status="200"} 1',
    'http_request_duration_seconds_count{method="GET",route="unknown",status="404"} 1',
    'tillstream_orders{status="paid"} 3',
    'tillstream_orders{status="pending"} 4',
    'tillstream_outbox_depth 0',
    'tillstream_service_up{service="order"} 1',
    'tillstream_service_up{service="consumer"} 0',
    'tillstream_service_up{service="user"} 0',
  ])
    t.ok(answer.body.split('\n').includes(line), line)
})

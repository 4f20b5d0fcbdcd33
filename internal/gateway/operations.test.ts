import t from 'tap'
import type { Nats } from '../platform/nats.ts'
import type { Health } from '../platform/service.ts'
import { healthy } from './testing/fake-services.ts'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { createLog } from '../platform/log.ts'
import { createScope } from '../platform/run.ts'
import { openGateway } from './gateway.ts'
import { gatewayOptions, testGateway } from './testing/test-gateway.ts'

const silent: Health = {
  checkReadiness: () => new Promise(() => {}),
  readGauges: () => new Promise(() => {}),
}
const broken: Health = {
  checkReadiness: async () => Promise.reject(new Error('away')),
  readGauges: async () => Promise.reject(new Error('away')),
}
const operationsToken = 'a token of operators'
const asOperator = { headers: { authorization: `Bearer ${operationsToken}` } }
const disconnected: Nats = { isConnected: () => false } as Nats // all that is asked of it here

t.test('the process is alive whatever else is not', async (t) => {
  const { send } = await testGateway(t, { health: { order: broken }, nats: disconnected })
  t.strictSame((await send('GET /livez')).json(), { alive: true })
})

t.test('ready is when everything is', async (t) => {
  const nats = { isConnected: () => true } as Nats // all that is asked of it here
  const { send } = await testGateway(t, { health: { user: healthy, order: healthy }, nats, operationsToken })
  const answer = await send('GET /readyz', asOperator)
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
  const { send } = await testGateway(t, {
    health: { user: silent, order: broken },
    nats: disconnected,
    operationsToken,
  })
  const answer = await send('GET /readyz', asOperator)
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
  const { send } = await testGateway(t, {
    health: { order: counting, consumer: broken, user: silent },
    operationsToken,
  })
  await send('GET /products/01920000-0000-7000-8000-0000000000f0')
  await send('GET /nowhere')
  const answer = await send('GET /metrics', asOperator)
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

t.test('the public learns whether the gateway is ready, and nothing else', async (t) => {
  const health = { order: broken }
  const { send } = await testGateway(t, { health, operationsToken })
  const wrong = [undefined, '', 'Bearer', `Bearer ${operationsToken}x`, operationsToken, 'Bearer a.b.c']
  for (const authorization of wrong) {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    const ready = await send('GET /readyz', { headers })
    t.equal(ready.statusCode, 503)
    t.strictSame(ready.json(), { ready: false })
    t.match((await send('GET /metrics', { headers })).json(), { status: 401, code: 'auth.operators-only' })
  }
  const without = await testGateway(t, { health })
  t.equal((await without.send('GET /metrics', { headers: { authorization: 'Bearer ' } })).statusCode, 401)
  t.equal((await without.send('GET /metrics', { as: 'admin' })).statusCode, 401, 'an admin is no operator')
})

t.test('however often the public asks, the services are asked once', async (t) => {
  let asked = 0
  const counted: Health = {
    ...healthy,
    checkReadiness: (...call) => (asked++, healthy.checkReadiness(...call)),
  }
  const { send } = await testGateway(t, { health: { user: counted } })
  await Promise.all(Array.from({ length: 200 }, () => send('GET /readyz')))
  t.ok(asked <= 3, `${asked} times`)
})

t.test('the listener of operators shows all of it, on loopback, and ends with the gateway', async (t) => {
  const scope = createScope(createLog('test', 'silent'), () => undefined)
  const options = { ...gatewayOptions({ health: { order: broken } }), host: '127.0.0.1', port: 0 }
  const { url, operationsUrl } = await openGateway(scope, options)
  t.match(new URL(operationsUrl).hostname, '127.0.0.1')
  t.not(new URL(operationsUrl).port, new URL(url).port)
  const ready = await fetch(`${operationsUrl}/readyz`)
  t.match(await ready.json(), { ready: false, checks: [{ name: 'order' }] })
  await fetch(`${url}/products`)
  const metrics = await (await fetch(`${operationsUrl}/metrics`)).text()
  t.match(metrics, /http_request_duration_seconds_count\{method="GET",route="\/products",status="200"\} 1/)
  t.equal((await fetch(`${operationsUrl}/livez`)).status, 200)
  t.match(await (await fetch(`${operationsUrl}/products`)).json(), { code: 'request.unknown-route' })
  await scope.close()
  await t.rejects(fetch(`${operationsUrl}/livez`))
})

t.test('the usual port gives way when it is taken; one that was asked for does not', async (t) => {
  const open = async (port: number) => {
    const scope = createScope(createLog('test', 'silent'), () => undefined)
    t.teardown(() => scope.close())
    const options = { ...gatewayOptions(), host: '127.0.0.1', port: 0 }
    return openGateway(scope, { ...options, operations: { host: '127.0.0.1', port } })
  }
  const [one, other] = await Promise.all([open(0), open(0)])
  t.not(one.operationsUrl, other.operationsUrl)
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const { port } = taken.address() as { port: number } // it listens on a port
  await t.rejects(open(port), {
    message: `port ${port} of 127.0.0.1 is taken; set OPERATIONS_PORT to a free one`,
  })
})

t.test(
  'staff see what is ready and what the services count, and whoever does not answer is not ready',
  async (t) => {
    const labels = [{ name: 'status', value: 'paid' }]
    const gauge = { name: 'tillstream_orders', help: 'Orders by status', value: '3', labels }
    const counting: Health = { ...healthy, readGauges: async () => ({ gauges: [gauge] }) }
    const { send } = await testGateway(t, { health: { order: counting, consumer: broken } })
    const answer = await send('GET /admin/system', { as: 'admin' })
    t.equal(answer.statusCode, 200)
    t.strictSame(answer.json(), {
      ready: false,
      checks: [
        { name: 'database', ready: true, detail: '' },
        { name: 'consumer', ready: false, detail: 'the service does not answer' },
      ],
      gauges: [{ ...gauge, service: 'order', labels: { status: 'paid' }, value: 3 }],
    })
    t.equal((await send('GET /admin/system', { as: 'customer' })).statusCode, 403)
  },
)

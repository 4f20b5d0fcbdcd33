import { once } from 'node:events'
import { connect } from 'node:net'
import { createServer } from 'node:net'
import t from 'tap'
import { createLog } from '../platform/log.ts'
import { createScope, type Scope } from '../platform/run.ts'
import { openGateway } from './gateway.ts'
import { fakeServices, order } from './testing/fake-services.ts'
import { gatewayOptions, testGateway, tokenOf } from './testing/test-gateway.ts'

const newScope = (): Scope => createScope(createLog('test', 'silent'), () => undefined)

t.test('it listens until its scope closes', async (t) => {
  const scope = newScope()
  const { url } = await openGateway(scope, { ...gatewayOptions(), host: '127.0.0.1', port: 0 })
  t.equal((await fetch(`${url}/livez`)).status, 200)
  await scope.close()
  await t.rejects(fetch(`${url}/livez`))
})

t.test('a port that is taken is said in one line', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const { port } = taken.address() as { port: number } // it listens on a port
  const scope = newScope()
  t.teardown(() => scope.close())
  const opening = openGateway(scope, { ...gatewayOptions(), host: '127.0.0.1', port })
  await t.rejects(opening, {
    code: 'EADDRINUSE',
    message: `port ${port} of 127.0.0.1 is taken; set PORT to a free one`,
  })
})

t.test('an address of another machine is said in one line', async (t) => {
  const scope = newScope()
  t.teardown(() => scope.close())
  const opening = openGateway(scope, { ...gatewayOptions(), host: '192.0.2.1', port: 0 })
  await t.rejects(opening, { message: '192.0.2.1 is no address of this machine; set HOST to one that is' })
})

t.test('what is in flight ends, and what comes meanwhile is sent away', async (t) => {
  const held = signal()
  const arrived = signal()
  const getOrder = async () => {
    arrived.give()
    await held.given
    return { order }
  }
  const scope = newScope()
  const options = gatewayOptions(fakeServices({ orders: { getOrder } }))
  const { url } = await openGateway(scope, { ...options, host: '127.0.0.1', port: 0 })
  const { app } = await testGateway(t)

  // The connection is not idle: one request has been answered, and a second one has begun.
  const late = talk(url)
  late.say(`GET /livez HTTP/1.1\r\nhost: x\r\n\r\nGET /livez HTTP/1.1\r\nhost: x\r\n`)
  await late.heard(/"alive":true/)
  const busy = talk(url)
  const authorization = `authorization: Bearer ${tokenOf(app, 'customer')}`
  busy.say(`GET /orders/${order.id} HTTP/1.1\r\nhost: x\r\n${authorization}\r\n\r\n`)
  await arrived.given

  const closed = scope.close()
  late.say('\r\n')
  await late.heard(/"code":"service.closing"/)
  t.match(late.received(), /HTTP\/1\.1 503 Service Unavailable[\s\S]*retry-after: 1/)
  held.give()
  await Promise.all([closed, busy.heard(/^HTTP\/1\.1 200 OK[\s\S]*connection: close[\s\S]*"history"/i)])
})

function signal() {
  let give = (): void => undefined
  const given = new Promise<void>((resolve) => (give = resolve))
  return { give: () => give(), given }
}

function talk(url: string) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let received = ''
  socket.on('data', (chunk) => (received += String(chunk)))
  return {
    say: (text: string) => void socket.write(text),
    received: () => received,
    async heard(pattern: RegExp): Promise<void> {
      while (!pattern.test(received)) await once(socket, 'data')
    },
  }
}

t.test('connections that ask for nothing do not hold it up', async (t) => {
  const scope = newScope()
  const { url } = await openGateway(scope, { ...gatewayOptions(), host: '127.0.0.1', port: 0 })
  const silent = connect(Number(new URL(url).port), '127.0.0.1')
  await once(silent, 'connect')
  // Connections are accepted in order. When this one has its answer, the silent one has been accepted.
  const asking = talk(url)
  asking.say('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n')
  await asking.heard(/"alive":true/)
  const ended = once(
    silent.on('error', () => undefined),
    'close',
  )
  const start = performance.now()
  await Promise.all([scope.close(), ended])
  t.ok(performance.now() - start < 5_000)
})

t.test('waiting for a decision ends when the gateway closes', async (t) => {
  const scope = newScope()
  const options = gatewayOptions()
  let isAsked = (): void => undefined
  const asked = new Promise<void>((resolve) => (isAsked = resolve))
  const orders: typeof options.orders = {
    ...options.orders,
    getOrder(request, call) {
      isAsked()
      return options.orders.getOrder(request, call)
    },
  }
  const { url } = await openGateway(scope, { ...options, orders, host: '127.0.0.1', port: 0 })
  const { app } = await testGateway(t)
  const answering = fetch(`${url}/orders`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tokenOf(app, 'customer')}`,
      'content-type': 'application/json',
      prefer: 'wait=30',
    },
    body: JSON.stringify({ items: [{ productId: order.id, quantity: 1 }] }),
  })
  const start = performance.now()
  await asked
  await scope.close()
  const answer = await answering
  t.equal(answer.status, 201)
  t.match(await answer.json(), { status: 'pending' })
  t.ok(performance.now() - start < 5_000)
})

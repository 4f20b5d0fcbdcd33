import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { spawnMain } from '../../internal/e2e/testing/spawned.ts'
import type { Check } from './check.ts'

// Asking a service over NATS is tested in internal/e2e/tools.campaign.test.ts, which has a nats-server.

t.test('the gateway is healthy when its /readyz says so', async (t) => {
  const { port } = await startGateway(t, 200, { ready: true })
  t.match(await run(t, ['gateway'], port), { code: 0, output: '' })
})

t.test('else its listener for operators says what is not ready', async (t) => {
  const { port } = await startGateway(t, 503, { ready: false })
  const checks = [
    { name: 'user', ready: true, detail: '' },
    { name: 'order', ready: false, detail: 'the service does not answer' },
  ]
  const operations = await startGateway(t, 503, { ready: false, checks })
  t.match(await run(t, ['gateway'], port, operations.port), {
    code: 1,
    output: 'order: the service does not answer\n',
  })
  await operations.close()
  t.match(await run(t, ['gateway'], port, operations.port), {
    code: 1,
    output: 'gateway: something is not ready\n',
  })
})

t.test('a gateway that does not listen, or is no gateway, is not healthy', async (t) => {
  const { port, close } = await startGateway(t, 404, {})
  t.match(await run(t, ['gateway'], port), { code: 1, output: /^gateway: ./ })
  await close()
  t.match(await run(t, ['gateway'], port), { code: 1, output: /^gateway: .*ECONNREFUSED/ })
})

t.test('a service must be named', async (t) => {
  t.match(await run(t, [], 1), { code: 1, output: /name the service to ask/ })
})

/** Runs the check with the settings of a container, in which the gateway listens on every address. */
async function run(t: Test, args: readonly string[], port: number, operationsPort = 1) {
  const env = { HOST: '0.0.0.0', PORT: String(port), OPERATIONS_PORT: String(operationsPort) }
  const health = spawnMain(t, 'cmd/health', env, args)
  return { code: await health.ended, output: health.output() }
}

type Body = { readonly ready?: boolean; readonly checks?: readonly Check[] }

/** Starts a gateway that answers with this. */
async function startGateway(t: Test, status: number, body: Body) {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/readyz' ? status : 404).end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()))
  t.teardown(close)
  return { port: (server.address() as AddressInfo).port, close }
}

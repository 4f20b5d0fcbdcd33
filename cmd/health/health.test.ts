import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { spawnMain } from '../../internal/e2e/testing/spawned.ts'
import type { Check } from './check.ts'

// Asking a service over NATS is tested in internal/e2e/tools.e2e.test.ts, which has a nats-server.

t.test('the gateway is healthy when its /readyz says so', async (t) => {
  const { port } = await startGateway(t, 200, [
    { name: 'user', ready: true, detail: '' },
    { name: 'nats', ready: true, detail: '' },
  ])
  t.match(await run(t, ['gateway'], port), { code: 0, output: '' })
})

t.test('else it says what is not ready', async (t) => {
  const { port } = await startGateway(t, 503, [
    { name: 'user', ready: true, detail: '' },
    { name: 'order', ready: false, detail: 'the service does not answer' },
  ])
  t.match(await run(t, ['gateway'], port), { code: 1, output: 'order: the service does not answer\n' })
})

t.test('a gateway that does not listen, or is no gateway, is not healthy', async (t) => {
  const { port, close } = await startGateway(t, 404, undefined)
  t.match(await run(t, ['gateway'], port), { code: 1, output: /^gateway: ./ })
  await close()
  t.match(await run(t, ['gateway'], port), { code: 1, output: /^gateway: .*ECONNREFUSED/ })
})

t.test('a service must be named', async (t) => {
  t.match(await run(t, [], 1), { code: 1, output: /name the service to ask/ })
})

/** Runs the check with the settings of a container, in which the gateway listens on every address. */
async function run(t: Test, args: readonly string[], port: number) {
  const health = spawnMain(t, 'cmd/health', { HOST: '0.0.0.0', PORT: String(port) }, args)
  return { code: await health.ended, output: health.output() }
}

/** Starts a gateway that answers with these checks. */
async function startGateway(t: Test, status: number, checks: readonly Check[] | undefined) {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/readyz' ? status : 404).end(JSON.stringify({ checks }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()))
  t.teardown(close)
  return { port: (server.address() as AddressInfo).port, close }
}

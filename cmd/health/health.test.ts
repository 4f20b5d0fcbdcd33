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

t.test('servers that stand in for others are healthy when they answer', async (t) => {
  for (const [name, setting] of Object.entries({ inbox: 'INBOX', 'payment-sandbox': 'SANDBOX' })) {
    const { port, close } = await startServer(t, '/healthz', 200, {})
    const settings = { [`${setting}_HOST`]: '0.0.0.0', [`${setting}_PORT`]: String(port) }
    t.match(await runWith(t, [name], settings), { code: 0, output: '' })
    await close()
    t.match(await runWith(t, [name], settings), { code: 1, output: new RegExp(`^${name}: .*ECONNREFUSED`) })
    const other = await startServer(t, '/healthz', 500, {})
    const wrong = { ...settings, [`${setting}_PORT`]: String(other.port) }
    t.match(await runWith(t, [name], wrong), { code: 1, output: /was answered with 500/ })
  }
})

t.test('a service must be named', async (t) => {
  t.match(await run(t, [], 1), { code: 1, output: /name the service to ask/ })
})

/** Runs the check with the settings of a container, in which the gateway listens on every address. */
async function run(t: Test, args: readonly string[], port: number, operationsPort = 1) {
  return runWith(t, args, { HOST: '0.0.0.0', PORT: String(port), OPERATIONS_PORT: String(operationsPort) })
}

async function runWith(t: Test, args: readonly string[], env: Readonly<Record<string, string>>) {
  const health = spawnMain(t, 'cmd/health', env, args)
  return { code: await health.ended, output: health.output() }
}

type Body = { readonly ready?: boolean; readonly checks?: readonly Check[] }

/** Starts a gateway that answers with this. */
async function startGateway(t: Test, status: number, body: Body) {
  return startServer(t, '/readyz', status, body)
}

async function startServer(t: Test, path: string, status: number, body: Body) {
  const server = createServer((request, response) => {
    response.writeHead(request.url === path ? status : 404).end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()))
  t.teardown(close)
  return { port: (server.address() as AddressInfo).port, close }
}

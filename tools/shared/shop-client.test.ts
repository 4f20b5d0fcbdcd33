import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { openShopClient, troubleOf, type ShopClient } from './shop-client.ts'

async function clientOf(
  t: Test,
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void,
): Promise<ShopClient> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk))).on('end', () => answer(request, body, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = openShopClient(`http://127.0.0.1:${port}`, { connections: 1, answerTimeoutMs: 5_000 })
  t.teardown(async () => {
    await client.close()
    server.closeAllConnections()
    server.close()
  })
  return client
}

t.test('a request carries what was said, and nothing else', async (t) => {
  const seen: unknown[] = []
  const client = await clientOf(t, ({ method, url, headers }, body, response) => {
    const { authorization, 'idempotency-key': key, 'content-type': type } = headers
    seen.push([method, url, authorization, key, type, body])
    response.end('{}')
  })
  await client.send({ method: 'GET', path: '/products?limit=1' })
  await client.send({ method: 'POST', path: '/orders', token: 'secret', key: 'k-1', body: { items: [] } })
  t.strictSame(seen, [
    ['GET', '/products?limit=1', undefined, undefined, undefined, ''],
    ['POST', '/orders', 'Bearer secret', 'k-1', 'application/json', '{"items":[]}'],
  ])
})

t.test('an answer has its status, its code, and what its headers say', async (t) => {
  const client = await clientOf(t, ({ url }, _, response) => {
    if (url === '/busy') response.writeHead(503, { 'retry-after': '2' }).end('{"code":"overloaded"}')
    else if (url === '/again') response.writeHead(201, { 'idempotent-replayed': 'true' }).end('{"id":"1"}')
    else response.writeHead(204).end()
  })
  const send = (path: string) => client.send({ method: 'POST', path })
  t.match(await send('/busy'), { status: 503, code: 'overloaded', isReplay: false, retryAfterSeconds: 2 })
  t.match(await send('/again'), { status: 201, code: '', isReplay: true, body: { id: '1' } })
  t.match(await send('/nothing'), { status: 204, body: undefined, text: '', retryAfterSeconds: undefined })
})

t.test('no answer is an error that says why', async (t) => {
  const client = await clientOf(t, (request) => request.socket.destroy())
  const err = await client.send({ method: 'GET', path: '/' }).catch((reason: unknown) => reason)
  t.equal(troubleOf(err), 'UND_ERR_SOCKET')
  t.equal(troubleOf(new Error('what')), 'what')
  t.equal(troubleOf(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })), 'ECONNREFUSED')
})

import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '../../platform/log.ts'
import type { Scope } from '../../platform/run.ts'
import { json, type HttpAnswer, type HttpRequest } from '../domain/http.ts'
import type { Handled } from '../domain/sandbox.ts'

export type Answerer = (request: HttpRequest) => Promise<Handled>

const mostBytes = 262_144
/** Longer than any caller waits, so that a call which is never answered ends by its caller's patience. */
const hangsForMs = 120_000

export async function listen(
  scope: Scope,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer({ requestTimeout: 30_000 })
  // Its state is read once the port is its own; until then it has no answer.
  server.on('request', refuseForNow)
  server.listen({ host, port })
  await once(server, 'listening')
  scope.onClose('http', async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port: taken } = server.address() as AddressInfo // it listens on TCP
  return { server, url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}` }
}

/** Lets `answer` answer. What it throws ends the process by `fail`, because nothing more may be believed then. */
export function serve(server: Server, log: Log, answer: Answerer, fail: (err: unknown) => void): void {
  server.off('request', refuseForNow)
  server.on('request', (incoming, response) => {
    void respond(incoming, response, answer).catch((err: unknown) => {
      response.destroy()
      if (incoming.destroyed && !incoming.complete) return // the caller went away in the middle
      log.error({ err }, 'a request failed')
      fail(err)
    })
  })
}

function refuseForNow(_incoming: IncomingMessage, response: ServerResponse): void {
  send(response, json(503, { code: 'starting', message: 'the sandbox is starting' }))
}

async function respond(incoming: IncomingMessage, response: ServerResponse, answer: Answerer): Promise<void> {
  const body = await bodyOf(incoming)
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?', 2)
  const refused = refusalOf(incoming, path, body)
  if (refused || body === undefined) {
    send(response, refused ?? json(413, { code: 'too-large', message: 'the body is too large' }))
    return
  }
  const { manner, answer: given } = await answer({
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers: textsOf(incoming),
    body,
  })
  if (manner === 'hang') await Promise.race([once(response, 'close'), wait(hangsForMs)])
  if (manner === 'answer') send(response, given)
  else response.destroy()
}

/** What needs no sandbox to be answered. */
function refusalOf(
  incoming: IncomingMessage,
  path: string,
  body: string | undefined,
): HttpAnswer | undefined {
  if (path === '/healthz') return json(200, { status: 'ok', pid: process.pid })
  if (body !== undefined && path.startsWith('/control') && isFromAnotherPage(incoming))
    return json(403, { code: 'forbidden', message: 'not from a page of another site' })
  return undefined
}

/** Any page that a developer opens could send forms to this port. A customer's browser, however, may come from the shop. */
function isFromAnotherPage({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })

function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.writeHead(status, headers).end(body)
}

async function bodyOf(incoming: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    size += part.length
    if (size > mostBytes) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function textsOf({ headers }: IncomingMessage): HttpRequest['headers'] {
  const texts = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value[0] : value,
  ])
  return Object.fromEntries(texts) as HttpRequest['headers']
}

import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import type { Log } from '../platform/log.ts'
import { Refusal } from '../platform/refusal.ts'
import { sendProblem } from './errors.ts'
import { bodyBytes } from './limits.ts'
import type { Admission } from './overload/admission.ts'
import type { ConnectionLimits } from './overload/connections.ts'
import { networkOf } from './rates.ts'
import { openFront } from './overload/front.ts'
import { rememberSerializers } from './serializers.ts'
import type { TrafficOf } from './overload/traffic.ts'

export type ServerOptions = {
  readonly log: Log
  readonly admission: Admission
  readonly trafficOf: TrafficOf
  readonly connections: ConnectionLimits
  /** The proxies whose X-Forwarded-For is trusted. */
  readonly trustProxy: readonly string[]
}

export function createServer({
  log,
  admission,
  trafficOf,
  connections,
  trustProxy,
}: ServerOptions): FastifyInstance {
  const addressOf =
    trustProxy.length > 0 ? undefined : ({ remoteAddress = '' }: Socket) => networkOf(remoteAddress)
  return fastify({
    serverFactory: (handle) => openFront({ admission, trafficOf, limits: connections, addressOf }, handle),
    trustProxy: trustProxy.length > 0 && [...trustProxy],
    // Requests are counted and not logged. Errors are logged where they are answered.
    logger: false,
    bodyLimit: bodyBytes.usual,
    routerOptions: { ignoreTrailingSlash: true },
    schemaController: { compilersFactory: { buildSerializer: rememberSerializers } },
    genReqId: ({ headers }) => requestId(headers['x-request-id']),
    forceCloseConnections: 'idle',
    // Fastify's own answer would not be problem+json and would have no Retry-After.
    return503OnClosing: false,
    frameworkErrors: (err, request, reply) => sendProblem(log, err, request, reply),
    clientErrorHandler(err, socket) {
      if (socket.writable) socket.end(unreadable(statusOfFault[err.code] ?? 400))
      else socket.destroy()
    },
  })
}

const statusOfFault: Readonly<Record<string, keyof typeof faults>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

const faults = {
  400: ['request.malformed-http', 'the request is not HTTP'],
  408: ['request.timeout', 'the request took too long to come'],
  431: ['request.headers-too-large', 'the headers are larger than is accepted'],
} as const

/** The answer to bytes that are not HTTP. It has neither a path nor a request id. */
function unreadable(status: keyof typeof faults): string {
  const title = STATUS_CODES[status] ?? ''
  const [code, detail] = faults[status]
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, code })
  return [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}

/** The client's own request id is used when it is safe in a header and in a log. */
function requestId(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
}

/** Refuses new requests on open connections, and closes each connection after its answer, so that clients reconnect. */
export function refuseWhileClosing(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => void (closing = true))
  app.addHook('onRequest', (_request, _reply, done) => {
    if (!closing) {
      done()
      return
    }
    done(new Refusal('unavailable', 'service.closing', 'this gateway is shutting down; try again'))
  })
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) void reply.header('connection', 'close')
    done(null, payload)
  })
}

/** What Node would refuse with an answer without a body. */
export function refuseUnfitHeads(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw: { headers, httpVersion } }, _reply, done) => {
    if (headers.host === undefined && httpVersion === '1.1') done(hostMissing())
    else if (headers.expect !== undefined && !/^100-continue$/i.test(headers.expect)) done(notExpected())
    else done()
  })
}

const hostMissing = (): Refusal =>
  new Refusal('invalid', 'request.host-missing', 'a request of HTTP/1.1 names its host')

const notExpected = (): Refusal =>
  new Refusal('invalid', 'request.expectation-failed', 'this expectation is not fulfilled here')

/** Fastify refuses paths that are not UTF-8 but accepts such queries, so they are refused here. */
export function refuseMalformedQueries(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const query = request.url.split('?', 2)[1]
    done(query?.includes('%') && !isDecodable(query) ? malformedUrl() : undefined)
  })
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

const malformedUrl = (): Refusal =>
  new Refusal('invalid', 'request.malformed-url', 'the URL is not well formed')

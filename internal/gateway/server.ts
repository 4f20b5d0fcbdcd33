import fastify, { type FastifyInstance } from 'fastify'
import type { Log } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import { Refusal } from '../platform/refusal.ts'
import { sendProblem } from './errors.ts'
import { bodyBytes } from './limits.ts'

export function createServer(log: Log): FastifyInstance {
  return fastify({
    // Requests are counted, not logged; what goes wrong is logged where it is answered.
    logger: false,
    bodyLimit: bodyBytes,
    genReqId: ({ headers }) => requestId(headers['x-request-id']),
    forceCloseConnections: 'idle',
    // Fastify's own answer would be no problem+json and would have no Retry-After.
    return503OnClosing: false,
    frameworkErrors: (err, request, reply) => sendProblem(log, err, request, reply),
    clientErrorHandler(err, socket) {
      if (socket.writable) socket.end(unreadable(err.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400))
      else socket.destroy()
    },
  })
}

/** What is no HTTP has no route and no request id either. */
function unreadable(status: 400 | 431): string {
  const title = status === 431 ? 'Request Header Fields Too Large' : 'Bad Request'
  const code = status === 431 ? 'request.headers-too-large' : 'request.malformed-http'
  const body = JSON.stringify({ type: 'about:blank', title, status, detail: 'the request is not HTTP', code })
  return [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}

/** The client's own, when it can stand in a header and in a log. */
function requestId(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : newId()
}

/** Requests that come on open connections go to the next gateway. */
export function refuseWhileClosing(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => void (closing = true))
  app.addHook('onRequest', (_request, reply, done) => {
    if (!closing) {
      done()
      return
    }
    void reply.header('connection', 'close')
    done(new Refusal('unavailable', 'service.closing', 'this gateway is shutting down; try again'))
  })
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../platform/log.ts'
import { toRefusal } from '../platform/outage.ts'
import { Refusal } from '../platform/refusal.ts'
import { problemHeaders, problemOf, statusOf } from './problem.ts'

/** Answers every error as problem+json. The cause of a bug goes to the log only. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((err, request, reply) => sendProblem(log, err, request, reply))
}

export function sendProblem(log: Log, err: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = refusalOf(err)
  if (refusal.kind === 'internal')
    log.error({ err, requestId: request.id, route: request.routeOptions.url }, 'request failed')
  const path = request.url.split('?', 1)[0] ?? ''
  const problem = problemOf(refusal, { path, requestId: request.id })
  void reply
    .code(statusOf(refusal))
    .headers({ 'x-request-id': request.id, ...problemHeaders(refusal) })
    .type('application/problem+json; charset=utf-8')
    // The route's response schemas describe successful answers only.
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problem)
}

function refusalOf(err: unknown): Refusal {
  if (err instanceof Refusal) return err
  const { code, statusCode } = err as { readonly code?: unknown; readonly statusCode?: unknown }
  const known = typeof code === 'string' ? frameworkRefusals[code] : undefined
  if (known) return new Refusal('invalid', known[0], known[1])
  // Other errors of Fastify and its plugins about a request carry their own status.
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return new Refusal('invalid', 'request.invalid', 'the request is not well formed')
  return toRefusal(err)
}

const frameworkRefusals: Readonly<Record<string, readonly [code: string, message: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['request.too-large', 'the body is too large'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['request.unsupported-media-type', 'send the body as application/json'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['request.malformed-json', 'the body is not valid JSON'],
  FST_ERR_BAD_URL: ['request.malformed-url', 'the URL is not well formed'],
  FST_ERR_MAX_PARAM_LENGTH: ['request.malformed-url', 'a part of the URL is too long'],
}

import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Endpoint } from './endpoint.ts'
import type { SharedAnswer, SharedAnswers } from './shared-answers.ts'

type Shared = Endpoint & { readonly shows: NonNullable<Endpoint['shows']> }

export const isShared = (endpoint: Endpoint): endpoint is Shared => endpoint.shows !== undefined

/**
 * A route whose answers are the same for everybody. The whole URL is the key, so an answer that is found belongs to a
 * request that has been validated before. It is looked up right after the caller's rate limit.
 */
export function sharedRoute(
  endpoint: Shared,
  answers: SharedAnswers,
): Pick<RouteOptions, 'preParsing' | 'handler'> {
  const { method, path, access, headers } = endpoint
  if (method !== 'GET' || access !== 'anyone' || headers)
    throw new Error(`${method} ${path} can't be shared: its answers depend on more than the URL`)
  return {
    preParsing(request, reply, payload, done) {
      const kept = answers.find(request.url)
      if (kept) send(reply, kept)
      else done(null, payload)
    },
    async handler(request, reply) {
      const answer = await answers.get(request.url, () => read(endpoint, request, reply))
      return send(reply, answer)
    },
  }
}

/** Reads without an actor, because an answer for everybody must not depend on who asked first. */
async function read(
  endpoint: Shared,
  { params, query, caller }: FastifyRequest,
  reply: FastifyReply,
): Promise<SharedAnswer> {
  const input = { params, query, headers: undefined, body: undefined, idempotencyKey: '' }
  const answer = await endpoint.handle(input, { ...caller.call, actor: undefined }, undefined)
  if (!('body' in answer)) throw new Error(`${endpoint.path} is shared, so it must say what its body shows`)
  const { body, headers = {} } = answer
  const text = reply.serialize(body) as string // the compiled serializers return a string
  return { text, headers, shows: endpoint.shows(body, query) }
}

function send(reply: FastifyReply, { text, headers }: SharedAnswer): FastifyReply {
  return reply.headers(headers).type('application/json; charset=utf-8').send(text)
}

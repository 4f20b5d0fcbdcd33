import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Endpoint } from './endpoint.ts'
import type { SharedAnswer, SharedAnswers } from './shared-answers.ts'

type Shared = Endpoint & { readonly shows: NonNullable<Endpoint['shows']> }

export const isShared = (endpoint: Endpoint): endpoint is Shared => endpoint.shows !== undefined

/**
 * How a route answers whose answers are the same for all. The whole URL is the key, so what is found under it has been
 * validated once; it is looked for as soon as the caller's rate is counted.
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

/** For nobody: what is given to all must not be made for one. */
async function read(
  endpoint: Shared,
  { params, query, caller }: FastifyRequest,
  reply: FastifyReply,
): Promise<SharedAnswer> {
  const input = { params, query, headers: undefined, body: undefined, idempotencyKey: '' }
  const { body, headers = {} } = await endpoint.handle(input, { ...caller.call, actor: undefined }, undefined)
  const text = reply.serialize(body) as string // as the compiled serializers give it
  return { text, headers, shows: endpoint.shows(body, query) }
}

function send(reply: FastifyReply, { text, headers }: SharedAnswer): FastifyReply {
  return reply.headers(headers).type('application/json; charset=utf-8').send(text)
}

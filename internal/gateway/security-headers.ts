import helmet from '@fastify/helmet'
import fastify, { type FastifyInstance } from 'fastify'

type Headers = Readonly<Record<string, string>>

/** The policy for API answers, which load nothing. The pages of /docs have their own policy. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
}

/**
 * The headers that OWASP recommends for a JSON API. Helmet's other headers are for pages and would make answers
 * larger.
 */
const forJson = [
  'content-security-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
]

/** Only answers that come over TLS may have this (RFC 6797, 7.2): behind a trusted proxy that says so. */
const overTls = 'strict-transport-security'

export type SecurityHeaders = { readonly pages: Headers }

/** The headers are always the same, so helmet makes them only once and not for each request. */
export async function secureAnswers(app: FastifyInstance): Promise<SecurityHeaders> {
  const pages = await askHelmet()
  const answers = Object.fromEntries(forJson.map((name) => [name, pages[name] ?? '']))
  addHeaders(app, answers)
  return { pages }
}

export function addHeaders(app: FastifyInstance, headers: Headers): void {
  const { [overTls]: strict = '', ...always } = headers
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers(always)
    if (request.protocol === 'https') void reply.header(overTls, strict)
    done()
  })
}

async function askHelmet(): Promise<Headers> {
  const asked = fastify()
  await asked.register(helmet, { contentSecurityPolicy })
  asked.get('/', () => null)
  const { headers } = await asked.inject('/')
  await asked.close()
  const own = new Set(['content-type', 'content-length', 'date', 'connection'])
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (own.has(name) ? [] : [[name, String(value)]])),
  )
}

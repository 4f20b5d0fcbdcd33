import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../platform/refusal.ts'
import { nothingHere } from '../not-found.ts'
import { addHeaders, type SecurityHeaders } from '../security-headers.ts'
import { applications, openPages, type Application, type Pages } from './open-pages.ts'

/**
 * Pages run their own files only, and no script or style that stands in the HTML. Images of products may be at any
 * address, because an admin may give one.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob: https: http:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join(';')

/**
 * Serves what was built of web/. These routes are no part of the API, so they are not in its table; nobody has to be
 * logged in, and files from memory need no limit of rates.
 */
export function servePages(app: FastifyInstance, webDir: string, { pages: headers }: SecurityHeaders): void {
  const pages = openPages(webDir)
  const options = { schema: { hide: true }, config: { rateLimit: false } } as const
  void app.register(async (scope) => {
    addHeaders(scope, { ...headers, 'content-security-policy': contentSecurityPolicy })
    for (const name of applications) {
      const answer = answerWith(pages, name)
      scope.get(`/${name}`, options, answer)
      scope.get(`/${name}/*`, options, answer)
    }
  })
  app.get('/', options, async (request, reply) => {
    void reply.header('vary', 'accept')
    if (!/\btext\/html\b/.test(request.headers.accept ?? '') || !(await pages.has('shop')))
      throw nothingHere()
    return reply.redirect('/shop', 302)
  })
}

function answerWith(pages: Pages, name: Application) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const file = (request.params as { readonly '*'?: string })['*'] ?? '' // the route's wildcard
    const page = await pages.find(name, file, request.headers['accept-encoding'] ?? '')
    if (!page) throw (await pages.has(name)) ? nothingHere() : notBuilt(name)
    void reply.headers(page.headers)
    const { 'if-none-match': known = '' } = request.headers
    const isKnown = known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === page.headers.etag)
    return isKnown ? reply.code(304).send() : reply.send(page.bytes)
  }
}

const notBuilt = (name: Application): Refusal =>
  new Refusal(
    'not-found',
    'page.not-built',
    `no pages of the ${name} were built: npm start and npm run build make them, in WEB_DIR`,
  )

import type { FastifyInstance } from 'fastify'
import { Refusal } from '../platform/refusal.ts'

/** Answers 404 for unknown paths and 405 for methods that a path does not have. */
export function answerUnknownRoutes(app: FastifyInstance): void {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    // Routes with a wildcard belong to plugins and would match everything.
    if (!url.includes('*')) routes.push({ pattern: patternOf(url), methods: [method].flat() })
  })
  app.setNotFoundHandler(
    app.hasDecorator('rateLimit') ? { preHandler: app.rateLimit() } : {},
    (request, reply) => {
      const path = request.url.split('?', 1)[0] ?? ''
      const methods = routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods)
      if (methods.length === 0) throw nothingHere()
      void reply.header('allow', [...new Set(methods)].sort().join(', '))
      throw new Refusal(
        'invalid',
        'request.method-not-allowed',
        `this path does not support ${request.method}`,
      )
    },
  )
}

export const nothingHere = (): Refusal =>
  new Refusal('not-found', 'request.unknown-route', 'there is nothing here')

function patternOf(url: string): RegExp {
  const segments = url.split('/').map((segment) => (segment.startsWith(':') ? '[^/]+' : escape(segment)))
  return new RegExp(`^${segments.join('/')}/?$`)
}

const escape = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')

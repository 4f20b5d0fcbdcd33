import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { addHeaders, type SecurityHeaders } from './security-headers.ts'

/**
 * Makes OpenAPI 3.1 from the schemas that validate requests, and pages to read it. It must be registered before the
 * routes.
 */
export async function describeApi(app: FastifyInstance, { pages }: SecurityHeaders): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tillstream',
        version: '1.0.0',
        description:
          'A commerce backend that never oversells, loses nothing and does nothing twice. ' +
          'Every error is an RFC 9457 problem with a stable `code`.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          cartToken: { type: 'apiKey', in: 'header', name: 'Cart-Token' },
          orderToken: { type: 'apiKey', in: 'header', name: 'Order-Token' },
        },
      },
    },
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) =>
        typeof json.$id === 'string' ? json.$id : `schema${index}`,
    },
  })
  await app.register(async (scope) => {
    addHeaders(scope, pages)
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: true,
      // With this directive browsers would request the scripts over https, which a local gateway does not speak.
      transformStaticCSP: (policy) => policy.replace('upgrade-insecure-requests;', ''),
    })
  })
  // The text is made only once. This route has no rate limit, so many requests for it must not be expensive.
  let text: string | undefined
  app.get('/openapi.json', { schema: { hide: true }, config: { rateLimit: false } }, (_request, reply) => {
    text ??= JSON.stringify(app.swagger())
    void reply.type('application/json; charset=utf-8').send(text)
  })
}

import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { addHeaders, type SecurityHeaders } from './security-headers.ts'

/** OpenAPI 3.1 from the schemas that validate, and pages to read it. Register before the routes. */
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
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
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
      // Else browsers would ask for its scripts over https, which a laptop does not have.
      transformStaticCSP: (policy) => policy.replace('upgrade-insecure-requests;', ''),
    })
  })
  // Made once: it has no limit, and whoever asks for it again and again is not to cost more than any other.
  let text: string | undefined
  app.get('/openapi.json', { schema: { hide: true }, config: { rateLimit: false } }, (_request, reply) => {
    text ??= JSON.stringify(app.swagger())
    void reply.type('application/json; charset=utf-8').send(text)
  })
}

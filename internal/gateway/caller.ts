import type { FastifyInstance } from 'fastify'
import type { Caller } from '../platform/callers/access.ts'
import { identify, type Identifying } from '../platform/callers/identify.ts'
import { addressOf } from './rates.ts'

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
}

/** Identifies the caller of each request. Whether the caller may do it is decided by `refusalToCall`. */
export function identifyCallers(app: FastifyInstance, identifying: Identifying): void {
  app.decorateRequest('caller')
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id)
    const { authorization, traceparent } = request.headers
    const address = (): string => addressOf(request)
    const caller = identify({ authorization, correlationId: request.id, traceparent, address }, identifying)
    if (caller instanceof Promise) {
      void caller.then((known) => {
        request.caller = known
        done()
      }, done)
      return
    }
    request.caller = caller
    done()
  })
}

import fastify, { type FastifyInstance } from 'fastify'
import type { Log } from '../platform/log.ts'
import { answerErrors, sendProblem } from './errors.ts'
import { usualOperationsPort } from './gateway-settings.ts'
import { listenError } from '../platform/listen-error.ts'
import { answerUnknownRoutes } from './not-found.ts'
import { addOperations, type Operations } from './operations.ts'

export type OperationsAddress = {
  readonly host: string
  /** 0: the usual port, or a free one when that is taken. */
  readonly port: number
}

/** Operators are few. A client that has more connections than this is no operator. */
const maxConnections = 64

const timeouts = { requestTimeout: 10_000, connectionTimeout: 30_000, keepAliveTimeout: 10_000 }

/**
 * Opens the listener for operators: metrics, and readiness with what is not ready. It has no overload protection and
 * no login, and listens on loopback unless it is told otherwise.
 */
export async function openOperations(
  log: Log,
  operations: Operations,
  { host, port }: OperationsAddress,
): Promise<{ readonly app: FastifyInstance; readonly url: string }> {
  const app = fastify({
    ...timeouts,
    logger: false,
    bodyLimit: 1_024,
    forceCloseConnections: true,
    frameworkErrors: (err, request, reply) => sendProblem(log, err, request, reply),
  })
  app.server.maxConnections = maxConnections
  answerErrors(app, log)
  answerUnknownRoutes(app)
  addOperations(app, operations, () => true)
  try {
    return { app, url: await listen(app, host, port) }
  } catch (err) {
    await app.close()
    throw listenError(err, { host, port, portSetting: 'OPERATIONS_PORT', hostSetting: 'OPERATIONS_HOST' })
  }
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  if (port !== 0) return app.listen({ host, port })
  try {
    return await app.listen({ host, port: usualOperationsPort })
  } catch (err) {
    if ((err as { readonly code?: unknown }).code !== 'EADDRINUSE') throw err
    return app.listen({ host, port: 0 })
  }
}

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Scope } from '../platform/run.ts'
import { createApp, type AppOptions } from './app.ts'

export type GatewayOptions = AppOptions & { readonly host: string; readonly port: number }

/**
 * Connections that the system keeps until a busy event loop takes them; Linux allows 4,096. With Node's own 511 a burst
 * overflows it, and a client whose connection was dropped there is not told.
 */
const backlog = 4_096

/** What is in flight gets this long to end; within the ten seconds that the whole process has. */
const closeTimeoutMs = 8_000

/** Opens the HTTP edge. It listens when the promise resolves. When the port is taken, the error is one clear line. */
export async function openGateway(scope: Scope, options: GatewayOptions): Promise<{ readonly url: string }> {
  const { host, port } = options
  const app = await createApp(options)
  const silent = silentConnections(app)
  scope.onClose('http', () => closeApp(app, silent))
  try {
    return { url: await app.listen({ host, port, backlog }) }
  } catch (err) {
    throw listenError(err, host, port)
  }
}

/** Accepts no new connections, answers new requests on open ones with 503, and closes those that do not end in time. */
async function closeApp(app: FastifyInstance, silent: ReadonlySet<Socket>): Promise<void> {
  const giveUp = setTimeout(() => app.server.closeAllConnections(), closeTimeoutMs)
  const closed = app.close()
  for (const socket of silent) socket.destroy()
  await closed.finally(() => clearTimeout(giveUp))
}

/** Connections without any request so far. Browsers open some in advance, and Node does not count them as idle. */
function silentConnections(app: FastifyInstance): ReadonlySet<Socket> {
  const silent = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  app.server.on('request', ({ socket }: IncomingMessage) => silent.delete(socket))
  return silent
}

/** Keeps the system's error code. The message is one line for the person who starts the process. */
export class ListenError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'ListenError'
    this.code = code
  }
}

function listenError(err: unknown, host: string, port: number): Error {
  const { code } = err as { readonly code?: unknown }
  const explain = typeof code === 'string' ? explanations[code] : undefined
  if (explain) return new ListenError(String(code), explain(host, port))
  return err instanceof Error ? err : new Error(String(err))
}

const explanations: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) => `port ${port} of ${host} is taken; set PORT to a free one`,
  EACCES: (host, port) => `this user may not listen on port ${port} of ${host}; set PORT to 1024 or higher`,
  EADDRNOTAVAIL: (host) => `${host} is no address of this machine; set HOST to one that is`,
  ENOTFOUND: (host) => `${host} is no address of this machine; set HOST to one that is`,
}

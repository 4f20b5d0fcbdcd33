import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Scope } from '../platform/run.ts'
import { createApp, type AppOptions } from './app.ts'
import { presetDrawer } from './images/preset-drawer.ts'
import { openImageStore } from '../platform/files/open-image-store.ts'
import type { ImageStoreValues } from '../platform/files/image-settings.ts'
import { listenError } from '../platform/listen-error.ts'
import { openTogether } from './together/open-together.ts'
import { openOperations, type OperationsAddress } from './operations-listener.ts'

type Opened = 'together' | 'imageFiles' | 'drawPresets'

export type GatewayOptions = Omit<AppOptions, Opened> &
  ImageStoreValues & {
    /** Empty: gateways speak by NATS. */
    readonly redisUrl: string
    readonly host: string
    readonly port: number
    /** Where operators ask. */
    readonly operations: OperationsAddress
  }

export type OpenGateway = { readonly url: string; readonly operationsUrl: string }

/**
 * Connections that the system keeps until a busy event loop takes them; Linux allows 4,096. With Node's own 511 a burst
 * overflows it, and a client whose connection was dropped there is not told.
 */
const backlog = 4_096

/** What is in flight gets this long to end; within the ten seconds that the whole process has. */
const closeTimeoutMs = 8_000

/** Opens the HTTP edge. It listens when the promise resolves. When a port is taken, the error is one clear line. */
export async function openGateway(scope: Scope, options: GatewayOptions): Promise<OpenGateway> {
  const { host, port, log } = options
  const { app, operations } = await createApp({
    ...options,
    together: await openTogether(scope, options),
    imageFiles: await openImageStore(options),
    drawPresets: presetDrawer(scope),
  })
  const silent = silentConnections(app)
  scope.onClose('http', () => closeApp(app, silent))
  const operators = await openOperations(log, operations, options.operations)
  scope.onClose('operations', () => operators.app.close())
  try {
    return { url: await app.listen({ host, port, backlog }), operationsUrl: operators.url }
  } catch (err) {
    throw listenError(err, { host, port, portSetting: 'PORT', hostSetting: 'HOST' })
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

import { connect, type NatsConnection } from '@nats-io/transport-node'
import type { Log } from './log.ts'
import type { Scope } from './run.ts'

export type Nats = {
  readonly connection: NatsConnection
  /** False while the server is away. The client would only buffer what is published then. */
  readonly isConnected: () => boolean
}

const reconnectEveryMs = 250

/**
 * The client counts the delay from the wall-clock time of its last attempt. When the clock has been set back since,
 * that time lies in the future and the client would wait until it comes. In that case the next attempt is due at once.
 */
function reconnectDelay(): () => number {
  let lastTime = -Infinity
  return () => {
    const isSetBack = Date.now() < lastTime
    lastTime = Date.now()
    return isSetBack ? -Infinity : reconnectEveryMs
  }
}

/** Splits NATS_URL, which may name several servers of one cluster. */
export const serversOf = (url: string): string[] =>
  url
    .split(',')
    .map((server) => server.trim())
    .filter(Boolean)

/** Waits for the server at the start and reconnects for ever. */
export async function connectNats(scope: Scope, log: Log, url: string, name: string): Promise<Nats> {
  const connection = await connect({
    servers: serversOf(url),
    name,
    maxReconnectAttempts: -1,
    reconnectDelayHandler: reconnectDelay(),
    pingInterval: 5_000,
    maxPingOut: 2,
    waitOnFirstConnect: true,
  })
  let connected = true
  scope.watch(
    'nats status',
    (async () => {
      for await (const status of connection.status()) {
        if (status.type === 'disconnect') connected = false
        if (status.type === 'reconnect') connected = true
        if (status.type === 'disconnect' || status.type === 'reconnect')
          log.warn({ nats: status.type }, 'nats connection changed')
        if (status.type === 'error') log.error({ err: status.error }, 'nats reported an error')
      }
    })(),
  )
  scope.onClose('nats', async () => {
    if (connection.isClosed()) return
    // Draining needs the server. While it is away, the process would hang here until its deadline.
    await (connected ? connection.drain() : connection.close())
  })
  return { connection, isConnected: () => connected && !connection.isClosed() }
}

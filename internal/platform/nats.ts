import { setTimeout as sleep } from 'node:timers/promises'
import { connect, errors, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node'
import type { Log } from './log.ts'
import { NatsAccessError, natsOptions, type NatsAccess } from './nats-access.ts'
import type { Scope } from './run.ts'

export type Nats = {
  readonly connection: NatsConnection
  /** False while the server is away. The client would only buffer what is published then. */
  readonly isConnected: () => boolean
  /** The first word of this user's inboxes; undefined for the one that all share who have no user. */
  readonly inboxPrefix?: string | undefined
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

/**
 * Waits for the server at the start and reconnects for ever. A server that refuses the credentials, or that cannot be
 * reached with TLS although it should, is not waited for: that is a NatsAccessError. So is one that lets everybody in
 * when `mustBeClosed`; otherwise it is warned of.
 */
export async function connectNats(
  scope: Scope,
  log: Log,
  access: NatsAccess | string,
  name: string,
  { mustBeClosed = false }: { readonly mustBeClosed?: boolean } = {},
): Promise<Nats> {
  const options = {
    ...natsOptions(access),
    name,
    maxReconnectAttempts: -1,
    // A server whose users are being changed may refuse us for a while. The client would give up for ever.
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: reconnectDelay(),
    pingInterval: 5_000,
    maxPingOut: 2,
  }
  const connection = await firstConnection(scope, options)
  if (connection.info?.auth_required !== true) {
    if (mustBeClosed) {
      await connection.close()
      throw new NatsAccessError([isOpen])
    }
    log.warn(isOpen)
  }
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
  const { inboxPrefix } = options
  return { connection, isConnected: () => connected && !connection.isClosed(), inboxPrefix }
}

const isOpen =
  'NATS_URL must lead to a broker that asks for credentials: this one lets everybody in, and whoever reaches it can do what an admin can'

async function firstConnection(scope: Scope, options: NodeConnectionOptions): Promise<NatsConnection> {
  const closing = new AbortController()
  scope.onClose('nats connecting', async () => closing.abort())
  for (;;) {
    try {
      return await connect(options)
    } catch (err) {
      if (closing.signal.aborted) throw err
      const problem = problemOf(err)
      if (problem !== undefined) throw new NatsAccessError([problem], { cause: err })
      await sleep(reconnectEveryMs)
    }
  }
}

/** What the operator has to mend. Undefined: the server is away. */
export function problemOf(err: unknown): string | undefined {
  const { message = '', code = '' } = err as { readonly message?: string; readonly code?: unknown }
  if (err instanceof errors.AuthorizationError)
    return `NATS_URL, NATS_USER and NATS_PASSWORD must be credentials that the broker accepts: it says ${message}`
  if (message.includes("does not support 'tls'"))
    return 'NATS_URL must begin with nats://, or the broker must be given TLS: it has none'
  if (/CERT|TLS|SSL|SIGNATURE|ISSUER/.test(String(code)))
    return `NATS_URL must lead to a broker whose certificate is trusted, and NATS_CA must name its authority if that is a private one: ${String(code)}`
  return undefined
}

import { Redis } from 'ioredis'
import type { Log } from '../../platform/log.ts'
import type { Scope } from '../../platform/run.ts'

/** The gateways' Redis. Whatever is asked of it is answered soon, or not at all. */
export type SharedRedis = {
  /** Undefined when Redis is away or does not answer in time; then it is not asked again for a moment. */
  readonly ask: <Answer>(question: (client: Redis) => Promise<Answer>) => Promise<Answer | undefined>
  readonly isConnected: () => boolean
  /** It only listens: Redis answers no other questions on such a connection. */
  readonly listener: Redis
}

/** Far more than an answer takes, and little for somebody who logs in. */
const answerWithinMs = 200
/** So a server that hangs costs a request a moment of waiting once in this time. */
const restMs = 1_000
const reconnectEveryMs = 250
/** A connection that was cut without a word is noticed within this time. */
const pingEveryMs = 2_000

/** Does not wait for the server: a shop starts and goes on without it. */
export function openRedis(scope: Scope, log: Log, url: string): SharedRedis {
  const [client, listener] = [connect(url, log, 'gateway'), connect(url, log, 'gateway listener')]
  let restsUntil = -Infinity
  const isConnected = (): boolean => client.status === 'ready' && performance.now() >= restsUntil

  async function ask<Answer>(question: (client: Redis) => Promise<Answer>): Promise<Answer | undefined> {
    if (!isConnected()) return undefined
    try {
      return await question(client)
    } catch (err) {
      restsUntil = performance.now() + restMs
      log.warn({ err }, 'redis did not answer; this gateway counts alone for a moment')
      return undefined
    }
  }

  const pinging = setInterval(() => {
    void ask((each) => each.ping())
    if (listener.status === 'ready') void listener.ping().catch(() => undefined)
  }, pingEveryMs).unref()
  scope.onClose('redis', async () => {
    clearInterval(pinging)
    client.disconnect()
    listener.disconnect()
  })
  return { ask, isConnected, listener }
}

function connect(url: string, log: Log, connectionName: string): Redis {
  const client = new Redis(url, {
    connectionName,
    commandTimeout: answerWithinMs,
    socketTimeout: restMs,
    connectTimeout: restMs,
    // Nothing is kept for later: what is asked while Redis is away has an answer without it.
    enableOfflineQueue: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => reconnectEveryMs,
  })
  let isAway = false
  // Each attempt to connect fails with an error of its own; the first one says enough.
  client.on('error', (err: Error) => {
    if (!isAway) log.warn({ err, connectionName }, 'redis is away')
    isAway = true
  })
  client.on('ready', () => {
    if (isAway) log.warn({ connectionName }, 'redis is back')
    isAway = false
  })
  return client
}

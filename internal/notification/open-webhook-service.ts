import { setTimeout as sleep } from 'node:timers/promises'
import { failpoint } from '../platform/failpoint.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import { newId } from '../platform/new-id.ts'
import type { WakeProducer } from '../platform/outbox.ts'
import type { PoolSql } from '../platform/pool-sql.ts'
import type { Scope } from '../platform/run.ts'
import { createSignal } from '../platform/signal.ts'
import { followStreams } from './application/follow-streams.ts'
import { webhookSender } from './application/send-webhooks.ts'
import type { EndpointId } from './domain/endpoint.ts'
import { httpCallEndpoint } from './infrastructure/webhooks/call-endpoint.ts'
import { parseEndpointUrl } from './infrastructure/webhooks/endpoint-url.ts'
import { natsEventStreams } from './infrastructure/webhooks/event-streams.ts'
import { postgresEndpoints } from './infrastructure/webhooks/postgres-endpoints.ts'
import { postgresWebhooks } from './infrastructure/webhooks/postgres-webhooks.ts'
import { publishedSubjects } from './infrastructure/webhooks/published-subjects.ts'
import { runWebhooks } from './infrastructure/webhooks/run-webhooks.ts'
import { newSigningSecret, parseSigningSecret } from './infrastructure/webhooks/signing-secret.ts'
import { webhookRpc, type WebhookCalls } from './infrastructure/webhooks/webhook-rpc.ts'

export type WebhookOptions = {
  readonly log: Log
  readonly nats: Nats
  readonly sql: PoolSql
  readonly wakeProducer: WakeProducer
  readonly webhooksAllowPrivate: boolean
}

export type OpenedWebhooks = {
  readonly calls: WebhookCalls
  readonly sweepUp: () => Promise<number>
  readonly countQueued: () => Promise<{ readonly queued: number; readonly pausedEndpoints: number }>
}

const timeoutMs = 15_000
/** After a call somebody else may have it once the time of two calls is over. */
const leaseMs = 2 * timeoutMs
/** New events, and new endpoints of another process, are found after so long. */
const restMs = 200
/** For calls that are under way when the process stops; those that take longer are cut off, and made again. */
const patienceMs = 2_000
const keptMs = 30 * 86_400_000
const removedAtOnce = 500

/** Wires the webhooks. Their reader and their sender run until the scope closes. */
export function openWebhooks(scope: Scope, options: WebhookOptions): OpenedWebhooks {
  const { log, nats, sql, wakeProducer, webhooksAllowPrivate: isPrivateAllowed } = options
  const now = (): Date => new Date()
  const endpoints = postgresEndpoints(sql, wakeProducer)
  const webhooks = postgresWebhooks(sql)
  const [reading, sending] = [createSignal(), createSignal()]
  // Calls that were cut off are concluded before the database is closed.
  scope.onClose('webhook calls', () => sender.ended())
  const call = httpCallEndpoint(scope, { isPrivateAllowed, timeoutMs })
  const report = (what: string, details: Readonly<Record<string, unknown>>): void => log.warn(details, what)
  const follow = followStreams({
    ...{ endpoints, webhooks, now },
    streams: natsEventStreams(nats, publishedSubjects),
  })
  const sender = webhookSender({
    ...{ endpoints, webhooks, call, leaseMs, now, failpoint, report },
    onEnd: () => sending.notify(),
  })
  const stop = new AbortController()
  async function read(): Promise<number> {
    const count = nats.isConnected() ? await follow() : 0
    if (count > 0) sending.notify()
    return count
  }
  const loops = [
    runWebhooks(
      { name: 'reading events for webhooks', work: read, signal: reading, log, restMs },
      stop.signal,
    ),
    runWebhooks({ name: 'sending webhooks', work: sender.begin, signal: sending, log, restMs }, stop.signal),
  ]
  for (const loop of loops) scope.watch('webhooks', loop)
  scope.onClose('webhooks', async () => {
    stop.abort()
    await Promise.all(loops)
    const patience = new AbortController()
    await Promise.race([sender.ended(), sleep(patienceMs, undefined, { signal: patience.signal })])
    patience.abort()
  })
  return {
    calls: webhookRpc({
      ...{ endpoints, webhooks, now, published: publishedSubjects, newSecret: newSigningSecret },
      newEndpointId: () => newId() as EndpointId,
      parseUrl: (url) => parseEndpointUrl(url, isPrivateAllowed),
      parseSecret: parseSigningSecret,
      wake() {
        reading.notify()
        sending.notify()
      },
    }),
    sweepUp: () => webhooks.removeOld(new Date(now().getTime() - keptMs), removedAtOnce),
    countQueued: webhooks.countQueued,
  }
}

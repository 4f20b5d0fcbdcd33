import { pino } from 'pino'
import { followStreams } from '../../internal/notification/application/follow-streams.ts'
import { webhookSender } from '../../internal/notification/application/send-webhooks.ts'
import { publishedSubjects } from '../../internal/notification/infrastructure/webhooks/published-subjects.ts'
import { runWebhooks } from '../../internal/notification/infrastructure/webhooks/run-webhooks.ts'
import { createSignal } from '../../internal/platform/signal.ts'
import { eventStreams } from './event-streams.ts'
import type { Parts } from './parts.ts'
import type { Process } from './process.ts'

/** Shorter than in the product, so that more happens in less simulated time. */
const leaseMs = 8_000
const restMs = 1_000

/** Starts those of a notification process that read events for the endpoints and send them. */
export function startWebhooks(parts: Parts, process: Process): void {
  const { network, stores, receiver } = parts
  const now = (): Date => parts.now(process)
  const endpoints = network.over(process, 'endpoints', stores.webhooks.endpoints)
  const webhooks = network.over(process, 'webhooks', stores.webhooks.webhooks)
  const streams = eventStreams({ ...parts, process }, publishedSubjects)
  const [reading, sending] = [createSignal(), createSignal()]
  const sender = webhookSender({
    ...{ endpoints, webhooks, call: receiver.as(process), leaseMs, now },
    failpoint: () => undefined, // processes die before and after each of their effects anyway
    onEnd: () => sending.notify(),
    report: () => undefined,
  })
  const loop = { log: pino({ level: 'silent' }), restMs }
  const follow = followStreams({ streams, endpoints, webhooks, now })
  const { signal } = process.stop
  void runWebhooks({ ...loop, name: 'reads', work: follow, signal: reading }, signal)
  void runWebhooks({ ...loop, name: 'sends', work: sender.begin, signal: sending }, signal)
}

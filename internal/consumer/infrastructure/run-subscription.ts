import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  type ConsumerMessages,
  type JsMsg,
} from '@nats-io/jetstream'
import { nanos, type Subscription as NatsSubscription } from '@nats-io/transport-node'
import { createHash } from 'node:crypto'
import type { Log } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'
import { ensureStream, type StreamLimits } from '../../platform/streams.ts'
import { judge } from '../domain/delivery.ts'
import { messageBatches } from './message-batches.ts'
import type { Subscription } from './subscription.ts'

/** Longer than any batch takes; shorter than anybody would like to wait after a crash. */
export const defaultAckWaitMs = 30_000
const maxDeliver = 50
const maxAckPending = 2_048
const pauseMs = 500

export type SubscriptionRun = {
  readonly nats: Nats
  readonly limits: StreamLimits
  readonly log: Log
  /** Stores the dead letter; the message leaves the stream's queue only afterwards. */
  readonly bury: (
    subscription: Subscription,
    message: JsMsg,
    incarnation: string,
    code: string,
    reason: string,
  ) => Promise<void>
  readonly onState: (running: boolean) => void
  readonly ackWaitMs?: number
}

/** Consumes until `stopped`. An iterator that ends before is a fault: the stream and the consumer are made anew. */
export async function runSubscription(
  subscription: Subscription,
  run: SubscriptionRun,
  stopped: AbortSignal,
): Promise<void> {
  const isStopped = (): boolean => stopped.aborted
  while (!isStopped()) {
    try {
      if (run.nats.isConnected()) await consume(subscription, run, stopped)
    } catch (err) {
      run.log.warn({ err, subscription: subscription.name }, 'the subscription broke; it is made anew')
    }
    run.onState(false)
    if (!isStopped()) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

async function consume(
  subscription: Subscription,
  run: SubscriptionRun,
  stopped: AbortSignal,
): Promise<void> {
  const { durable, incarnation } = await ensureConsumer(subscription, run)
  const consumer = await jetstream(run.nats.connection).consumers.get(subscription.stream, durable)
  const batches = messageBatches(run.ackWaitMs ?? defaultAckWaitMs)
  const messages = await consumer.consume({
    max_messages: 256,
    expires: 5_000,
    idle_heartbeat: 1_000,
    abort_on_missing_resource: true,
    callback: batches.push,
  })
  const ended = messages.closed().finally(() => batches.stop())
  let draining: Promise<void> | undefined
  const stop = (): void => {
    draining ??= drain(messages)
    batches.stop()
  }
  stopped.addEventListener('abort', stop)
  if (stopped.aborted) stop() // while the consumer was being made
  run.onState(true)
  try {
    await batches.run((batch) => handleBatch(subscription, run, incarnation, batch))
  } finally {
    stopped.removeEventListener('abort', stop)
    stop()
    await draining
    batches.handBack()
  }
  const err = await ended
  if (err instanceof Error && !stopped.aborted) throw err
}

/** The client's own stop drops what is under way to us, and that would then come back only after ack_wait. */
async function drain(messages: ConsumerMessages): Promise<void> {
  // Not in its type; of the exact version that package.json names, and without it a stop is only less gentle.
  const { sub } = messages as { readonly sub?: NatsSubscription }
  if (sub && !sub.isClosed()) await sub.drain().catch(() => undefined)
  messages.stop()
}

/** The durable's name carries the stream's incarnation: an ack for a wiped stream can never acknowledge a new message. */
async function ensureConsumer(
  { name, stream, subject }: Subscription,
  { nats, limits, ackWaitMs = defaultAckWaitMs }: SubscriptionRun,
): Promise<{ readonly durable: string; readonly incarnation: string }> {
  const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
  const { created } = await ensureStream(jsm, stream, limits)
  const incarnation = createHash('sha1').update(created).digest('hex').slice(0, 8)
  const durable = `${name}-${incarnation}`
  await jsm.consumers.add(stream, {
    durable_name: durable,
    filter_subject: subject,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ackWaitMs),
    max_deliver: maxDeliver,
    max_ack_pending: maxAckPending,
  })
  return { durable, incarnation }
}

async function handleBatch(
  subscription: Subscription,
  run: SubscriptionRun,
  incarnation: string,
  batch: readonly JsMsg[],
): Promise<void> {
  const endings = await subscription.handle(batch)
  for (const [index, message] of batch.entries()) {
    const ending = endings[index] ?? { kind: 'failed' as const, reason: 'no ending' }
    const verdict = judge(ending, message.info.deliveryCount, Math.random())
    if (verdict.kind === 'ack') {
      message.ack()
      continue
    }
    if (verdict.kind === 'retry') {
      const { name } = subscription
      run.log.warn(
        { subscription: name, seq: message.seq, ending, delayMs: verdict.delayMs },
        'message will be retried',
      )
      message.nak(verdict.delayMs)
      continue
    }
    try {
      await run.bury(subscription, message, incarnation, verdict.code, verdict.reason)
      message.term()
    } catch (err) {
      run.log.error(
        { err, subscription: subscription.name, seq: message.seq },
        'dead letter could not be stored',
      )
      message.nak(pauseMs)
    }
  }
}

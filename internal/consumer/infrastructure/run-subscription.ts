import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  type ConsumerMessages,
  type JsMsg,
} from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { createHash } from 'node:crypto'
import type { Log } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'
import { ensureStream, type StreamLimits } from '../../platform/streams.ts'
import { judge } from '../domain/delivery.ts'
import { messageBatches } from './message-batches.ts'
import type { Subscription } from './subscription.ts'

/** Longer than any batch takes; shorter than anybody would like to wait after a crash. */
const ackWaitMs = 30_000
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
}

/** Consumes until `stopped`. An iterator that ends before is a fault: the stream and the consumer are made anew. */
export async function runSubscription(
  subscription: Subscription,
  run: SubscriptionRun,
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    try {
      await consume(subscription, run, stopped)
    } catch (err) {
      run.log.warn({ err, subscription: subscription.name }, 'the subscription broke; it is made anew')
    }
    run.onState(false)
    if (!stopped.aborted) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

async function consume(
  subscription: Subscription,
  run: SubscriptionRun,
  stopped: AbortSignal,
): Promise<void> {
  const { durable, incarnation } = await ensureConsumer(subscription, run)
  const consumer = await jetstream(run.nats.connection).consumers.get(subscription.stream, durable)
  const batches = messageBatches()
  const messages = await consumer.consume({
    max_messages: 256,
    expires: 5_000,
    idle_heartbeat: 1_000,
    abort_on_missing_resource: true,
    callback: batches.push,
  })
  const stop = (): void => {
    messages.stop()
    batches.stop()
  }
  stopped.addEventListener('abort', stop)
  run.onState(true)
  const ended = messages.closed().then((err) => {
    batches.stop()
    return err
  })
  try {
    await batches.run((batch) => handleBatch(subscription, run, incarnation, batch))
    const err = await closed(messages, ended)
    if (err instanceof Error && !stopped.aborted) throw err
  } finally {
    stopped.removeEventListener('abort', stop)
  }
}

async function closed(messages: ConsumerMessages, ended: Promise<unknown>): Promise<unknown> {
  messages.stop()
  return ended
}

/** The durable's name carries the stream's incarnation: an ack for a wiped stream can never acknowledge a new message. */
async function ensureConsumer(
  { name, stream, subject }: Subscription,
  { nats, limits }: SubscriptionRun,
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

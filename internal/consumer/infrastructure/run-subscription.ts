import type { JsMsg } from '@nats-io/jetstream'
import { createHash } from 'node:crypto'
import { failpoint } from '../../platform/failpoint.ts'
import type { Log } from '../../platform/log.ts'
import { judge } from '../domain/delivery.ts'
import { messageBatches } from './message-batches.ts'
import type { Delivery, Durable, MessageSource } from './message-source.ts'
import type { Subscription } from './subscription.ts'

/** Longer than any batch takes, and short enough to wait for after a crash. */
export const defaultAckWaitMs = 30_000
const pauseMs = 500

export type SubscriptionRun = {
  readonly source: MessageSource
  readonly log: Log
  /** Stores the dead letter. The message is acknowledged only afterwards. */
  readonly bury: (
    subscription: Subscription,
    message: JsMsg,
    incarnation: string,
    code: string,
    reason: string,
  ) => Promise<void>
  /** Is called with each delivery that begins, and with undefined when it has ended. */
  readonly onDelivery: (delivery: Delivery | undefined) => void
  readonly ackWaitMs?: number
}

/**
 * Consumes until `stopped`. A delivery that ends before is a fault: then the stream and the durable are ensured again.
 */
export async function runSubscription(
  subscription: Subscription,
  run: SubscriptionRun,
  stopped: AbortSignal,
): Promise<void> {
  const isStopped = (): boolean => stopped.aborted
  while (!isStopped()) {
    try {
      if (run.source.isConnected()) await consume(subscription, run, stopped)
    } catch (err) {
      run.log.warn({ err, subscription: subscription.name }, 'the subscription broke; it starts again')
    }
    run.onDelivery(undefined)
    if (!isStopped()) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

async function consume(
  subscription: Subscription,
  run: SubscriptionRun,
  stopped: AbortSignal,
): Promise<void> {
  const { durable, incarnation } = await ensureDurable(subscription, run)
  const batches = messageBatches(durable.ackWaitMs)
  const delivery = await run.source.consume(durable, batches.push)
  const ended = delivery.ended.finally(() => batches.stop())
  let draining: Promise<void> | undefined
  const stop = (): void => {
    draining ??= delivery.stop()
    batches.stop()
  }
  stopped.addEventListener('abort', stop)
  if (stopped.aborted) stop() // it was stopped while the durable was being created
  run.onDelivery(delivery)
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

/** A short name for the stream's incarnation, made from its time of creation. */
export const incarnationOf = (created: string): string =>
  createHash('sha1').update(created).digest('hex').slice(0, 8)

/**
 * The durable's name has the stream incarnation in it, so that an ack for a lost stream never acknowledges a new
 * message. The stream is asked for twice, because one that is recreated in between would get a durable with the name
 * of the lost incarnation.
 */
async function ensureDurable(
  { name, stream, subject }: Subscription,
  { source, ackWaitMs = defaultAckWaitMs }: SubscriptionRun,
): Promise<{ readonly durable: Durable; readonly incarnation: string }> {
  const { created } = await source.lookAtStream(stream)
  const incarnation = incarnationOf(created)
  const durable = { stream, name: `${name}-${incarnation}`, subject, ackWaitMs }
  await source.ensureDurable(durable)
  const now = await source.lookAtStream(stream)
  if (now.created !== created) throw new Error(`${stream} was recreated while ${durable.name} was made`)
  return { durable, incarnation }
}

async function handleBatch(
  subscription: Subscription,
  run: SubscriptionRun,
  incarnation: string,
  batch: readonly JsMsg[],
): Promise<void> {
  const endings = await subscription.handle(batch)
  failpoint('effect-ack')
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

import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  JetStreamApiError,
  jetstreamManager,
  type Consumer,
  type ConsumerMessages,
  type JsMsg,
} from '@nats-io/jetstream'
import { errors, nanos, type Subscription as NatsSubscription } from '@nats-io/transport-node'
import { insist } from '../../platform/insist.ts'
import type { Nats } from '../../platform/nats.ts'
import { ensureStream, type StreamLimits, type StreamName } from '../../platform/streams.ts'

/** No end: an outage may last for any time, and for how long a failing message is tried is decided by `judge`. */
const maxDeliver = -1
/** JetStream's error for a durable that is there with another configuration, as one of an earlier version is. */
const consumerIsThere = 10_148
const maxAckPending = 2_048
/** When two are missing, the client asks for messages again, of whoever leads the consumer then: see insistOnInfo. */
const heartbeatMs = 500

export type Durable = {
  readonly stream: StreamName
  readonly name: string
  readonly subject: string
  readonly ackWaitMs: number
}

/** Messages that are coming in. */
export type Delivery = {
  /** Settles when no more will come; with what has gone wrong, if anything has. */
  readonly ended: Promise<unknown>
  /** No more than what is under way already; resolves when that has arrived. */
  readonly stop: () => Promise<void>
}

/** What a subscription needs of the broker: JetStream, or the simulation's stand-in. */
export type MessageSource = {
  readonly isConnected: () => boolean
  /** Makes the stream if it is missing. Another `created` is another stream. */
  readonly ensureStream: (name: StreamName) => Promise<{ readonly created: string }>
  /** Makes the durable consumer if it is missing. */
  readonly ensureDurable: (durable: Durable) => Promise<void>
  readonly consume: (durable: Durable, onMessage: (message: JsMsg) => void) => Promise<Delivery>
}

export function jetStreamSource(nats: Nats, limits: StreamLimits): MessageSource {
  const manager = () => jetstreamManager(nats.connection, { checkAPI: false })
  return {
    isConnected: nats.isConnected,
    ensureStream: async (name) => ensureStream(await manager(), name, limits),
    async ensureDurable({ stream, name, subject, ackWaitMs }) {
      const jsm = await manager()
      const limits = {
        ack_wait: nanos(ackWaitMs),
        max_deliver: maxDeliver,
        max_ack_pending: maxAckPending,
      }
      const config = {
        durable_name: name,
        filter_subject: subject,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: DeliverPolicy.All,
        ...limits,
      }
      try {
        await insist(() => jsm.consumers.add(stream, config))
      } catch (err) {
        // A server before 2.10 does not refuse, but updates by itself.
        if (!(err instanceof JetStreamApiError) || err.code !== consumerIsThere) throw err
        await insist(() => jsm.consumers.update(stream, name, limits))
      }
    },
    async consume({ stream, name }, onMessage) {
      const consumer = await insist(() => jetstream(nats.connection).consumers.get(stream, name))
      let isOver = false
      insistOnInfo(consumer, nats, () => isOver)
      const messages = await consumer.consume({
        max_messages: 256,
        expires: 5_000,
        idle_heartbeat: heartbeatMs,
        abort_on_missing_resource: true,
        callback: onMessage,
      })
      const ended = messages.closed().finally(() => (isOver = true))
      return { ended, stop: () => drain(messages) }
    },
  }
}

/**
 * Before the client asks for messages again it asks whether the consumer is still there. When nobody answers, since its leader is
 * gone, it waits for the timeout and then pauses for as long as a pull lasts: 10 s in all, though there is a new leader long before.
 */
function insistOnInfo(consumer: Consumer, { isConnected }: Nats, isOver: () => boolean): void {
  const ask = consumer.info.bind(consumer)
  const info: Consumer['info'] = (cached) =>
    insist(
      // What is asked while there is no connection would be sent all at once when there is one again.
      () => (isConnected() ? ask(cached) : Promise.reject(new errors.TimeoutError())),
      undefined,
      (err) => saysNothing(err) && !isOver(),
    )
  Object.assign(consumer, { info })
}

/** JetStream's status for "temporarily unavailable", as it is without a leader. */
const unavailable = 503

const saysNothing = (err: unknown): boolean =>
  err instanceof JetStreamApiError
    ? err.status === unavailable
    : !(err instanceof errors.ClosedConnectionError)

/** The client's own stop drops what is under way to us, and that would then come back only after ack_wait. */
async function drain(messages: ConsumerMessages): Promise<void> {
  // Not in its type; of the exact version that package.json names, and without it a stop is only less gentle.
  const { sub } = messages as { readonly sub?: NatsSubscription }
  if (sub && !sub.isClosed()) await sub.drain().catch(() => undefined)
  messages.stop()
}

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
import type { StreamName } from '../../platform/streams.ts'

/** Deliveries are not limited, because an outage may last for any time. `judge` decides when a message is given up. */
const maxDeliver = -1
/** JetStream's error for a durable that exists with another configuration, for example one of an earlier version. */
const consumerIsThere = 10_148
const maxAckPending = 2_048
/**
 * When two heartbeats are missing, the client asks for messages again: whoever leads the consumer then. See insistOnInfo.
 */
const heartbeatMs = 500
/** A delivery of which nothing was heard for so long, not even a heartbeat, is silent. */
const silentAfterMs = 2_000

export type Durable = {
  readonly stream: StreamName
  readonly name: string
  readonly subject: string
  readonly ackWaitMs: number
}

/** A running delivery of messages. */
export type Delivery = {
  /** Resolves when no more messages will come, with the error if there was one. */
  readonly ended: Promise<unknown>
  /** Asks for no more messages, and resolves when those that are on their way have arrived. */
  readonly stop: () => Promise<void>
  /** True while the broker says nothing, not even that there are no messages. */
  readonly isSilent: () => boolean
}

/** What a subscription needs of the broker, be it JetStream or the one of the simulation. */
export type MessageSource = {
  readonly isConnected: () => boolean
  /** Fails when the stream is missing: only the producer makes it. `created` identifies the stream incarnation. */
  readonly lookAtStream: (name: StreamName) => Promise<{ readonly created: string }>
  /** Creates the durable consumer if it is missing. */
  readonly ensureDurable: (durable: Durable) => Promise<void>
  readonly consume: (durable: Durable, onMessage: (message: JsMsg) => void) => Promise<Delivery>
}

export function jetStreamSource(nats: Nats): MessageSource {
  const manager = () => jetstreamManager(nats.connection, { checkAPI: false })
  return {
    isConnected: nats.isConnected,
    async lookAtStream(name) {
      const jsm = await manager()
      const { created } = await insist(() => jsm.streams.info(name))
      return { created }
    },
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
        // A server before 2.10 does not refuse the other configuration but updates the durable by itself.
        if (!(err instanceof JetStreamApiError) || err.code !== consumerIsThere) throw err
        await insist(() => jsm.consumers.update(stream, name, limits))
      }
    },
    async consume({ stream, name }, onMessage) {
      const consumer = await insist(() => jetstream(nats.connection).consumers.get(stream, name))
      let isOver = false
      insistOnInfo(consumer, nats, () => isOver)
      let heardAt = performance.now()
      const messages = await consumer.consume({
        max_messages: 256,
        expires: 5_000,
        idle_heartbeat: heartbeatMs,
        abort_on_missing_resource: true,
        callback(message) {
          heardAt = performance.now()
          onMessage(message)
        },
      })
      void onHeartbeat(messages, () => (heardAt = performance.now()))
      const ended = messages.closed().finally(() => (isOver = true))
      const isSilent = (): boolean => performance.now() - heardAt > silentAfterMs
      return { ended, stop: () => drain(messages), isSilent }
    },
  }
}

async function onHeartbeat(messages: ConsumerMessages, heard: () => void): Promise<void> {
  for await (const { type } of messages.status()) if (type === 'heartbeat') heard()
}

/**
 * Before the client asks for messages again, it asks whether the consumer is still there. When nobody answers because the
 * consumer's leader is gone, the client waits for its timeout and then pauses for as long as a pull lasts. That is 10 s in
 * all, although there may be a new leader long before.
 */
function insistOnInfo(consumer: Consumer, { isConnected }: Nats, isOver: () => boolean): void {
  const ask = consumer.info.bind(consumer)
  const info: Consumer['info'] = (cached) =>
    insist(
      // Without a connection the client would keep all of these questions and send them at once when it is back.
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

/** The client's own stop drops messages that are on their way, which would be delivered again only after ack_wait. */
async function drain(messages: ConsumerMessages): Promise<void> {
  // This field is not in the type. It exists in the exact version that package.json names; without it a stop would
  // only be less gentle.
  const { sub } = messages as { readonly sub?: NatsSubscription }
  if (sub && !sub.isClosed()) await sub.drain().catch(() => undefined)
  messages.stop()
}

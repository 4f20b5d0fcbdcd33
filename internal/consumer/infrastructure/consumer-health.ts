import { jetstreamManager } from '@nats-io/jetstream'
import type { Nats } from '../../platform/nats.ts'
import type { Health } from '../../platform/service.ts'
import type { StreamName } from '../../platform/streams.ts'
import type { DeadLetters } from '../application/ports.ts'
import type { Delivery } from './message-source.ts'

export type SubscriptionState = {
  readonly name: string
  readonly stream: StreamName
  /** Undefined while the subscription is not running. */
  delivery: Delivery | undefined
}

export function consumerHealth(
  letters: DeadLetters,
  nats: Nats,
  states: readonly SubscriptionState[],
): Health {
  return {
    async checkReadiness() {
      const detail = await letters.countOpen().then(
        () => '',
        () => 'the database does not answer',
      )
      return {
        checks: [
          { name: 'consumer database', ready: detail === '', detail },
          ...states.map(({ name, delivery }) => {
            const ready = delivery !== undefined && nats.isConnected()
            return { name: `consumer ${name}`, ready, detail: ready ? '' : 'the subscription is not running' }
          }),
        ],
      }
    },
    async readGauges() {
      const open = {
        name: 'tillstream_dead_letters',
        help: 'Open dead letters, which wait for an operator',
        labels: [],
        value: String(await letters.countOpen()),
      }
      return { gauges: [open, ...(await lagGauges(nats, states))] }
    },
  }
}

/** The lag of the newest durable, which is the one of the present stream incarnation. */
async function lagGauges(nats: Nats, states: readonly SubscriptionState[]) {
  if (!nats.isConnected()) return []
  const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
  return Promise.all(
    states.map(async ({ name, stream }) => {
      // The stream may be missing at the moment. Its subscription will create it again.
      const consumers = await jsm.consumers
        .list(stream)
        .next()
        .catch(() => [])
      const lag = consumers
        .filter((consumer) => consumer.name.startsWith(`${name}-`))
        .reduce((sum, consumer) => sum + consumer.num_pending + consumer.num_ack_pending, 0)
      return {
        name: 'tillstream_consumer_lag',
        help: 'Messages of the subscription that are not yet handled',
        labels: [{ name: 'subscription', value: name }],
        value: String(lag),
      }
    }),
  )
}

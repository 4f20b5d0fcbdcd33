import type { Nats } from '../../platform/nats.ts'
import type { Health } from '../../platform/service.ts'
import type { Mailbox } from '../application/mailbox.ts'

/** `healedStreams`: since the start of this process. */
export function producerHealth(mailbox: Mailbox, nats: Nats, healedStreams: () => number): Health {
  return {
    async checkReadiness() {
      const databaseDetail = await mailbox.seenStreams().then(
        () => '',
        () => 'the database does not answer',
      )
      const natsDetail = nats.isConnected() ? '' : 'nats does not answer'
      return {
        checks: [
          { name: 'producer database', ready: databaseDetail === '', detail: databaseDetail },
          { name: 'producer nats', ready: natsDetail === '', detail: natsDetail },
        ],
      }
    },
    async readGauges() {
      const { unpublished, parked, oldestAgeSeconds } = await mailbox.depth()
      const gauge = (name: string, help: string, value: number) => ({
        name,
        help,
        labels: [],
        value: String(value),
      })
      return {
        gauges: [
          gauge('tillstream_outbox_depth', 'Events that are not yet published', unpublished),
          gauge(
            'tillstream_outbox_oldest_age_seconds',
            'Age of the oldest event that is not yet published',
            oldestAgeSeconds,
          ),
          gauge('tillstream_outbox_parked', 'Events that the broker refused too often', parked),
          gauge(
            'tillstream_streams_healed',
            'Streams made anew since the start because an event in them could not be read',
            healedStreams(),
          ),
        ],
      }
    },
  }
}

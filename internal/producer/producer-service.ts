import { grpcAddress } from '../platform/grpc-settings.ts'
import { defineService } from '../platform/service-definition.ts'
import { integer } from '../platform/settings.ts'
import { distinctDatabases } from './distinct-databases.ts'

/** It has no methods for callers outside, and answers for its health. */
const grpc = { variable: 'PRODUCER_GRPC_ADDR', usualPort: 50_054 }

export const producerService = defineService({
  name: 'producer',
  about:
    'The relay of each outbox: it knows which events the broker has stored and which are still unpublished.',
  schema: 'producer',
  needsAllDatabases: true,
  contract: undefined,
  needs: {},
  grpc,
  settings: {
    grpcAddress: grpcAddress(grpc),
    scrubIntervalSeconds: integer(
      'SCRUB_INTERVAL_SECONDS',
      300,
      { min: 1, max: 604_800 },
      'How long the producer pauses between two scrubs. A scrub reads all streams to find events that can no longer be read.',
    ),
    scrubMessagesPerSecond: integer(
      'SCRUB_MESSAGES_PER_SECOND',
      2_000,
      { min: 1, max: 1_000_000 },
      'How many messages per second a scrub reads.',
    ),
    activityLogDays: integer(
      'ACTIVITY_LOG_DAYS',
      730,
      { min: 30, max: 36_500 },
      'How many days the log of who did what is kept. An entry stays at least for as long as its event does, STREAM_MAX_AGE_DAYS.',
    ),
  },
  aggregates: [{ type: 'activity', sql: 'select id, 1 as version, at, at from producer.activity' }],
  reactions: [],
  broker: { relays: true },
  async open(scope, { log, nats, settings }, { databases, streamLimits }) {
    const { openProducerService } = await import('./open-producer-service.ts')
    const scrub = {
      intervalMs: settings.scrubIntervalSeconds * 1_000,
      messagesPerSecond: settings.scrubMessagesPerSecond,
    }
    return openProducerService(scope, {
      ...{ log, nats, scrub, activityLogDays: settings.activityLogDays },
      databases: distinctDatabases(Object.values(databases)),
      streams: streamLimits,
    })
  },
})

import { ConsumerService } from '../gen/consumer/v1/consumer_pb.ts'
import { imageStoreContradictions, imageStoreSettings } from '../platform/files/image-settings.ts'
import { searchIndexSettings } from '../platform/search-settings.ts'
import { defineService } from '../platform/service-definition.ts'
import { integer } from '../platform/settings.ts'

export const consumerService = defineService({
  name: 'consumer',
  about:
    'The delivery of events to the services that react to them: dead letters, the sweeper, and the audit on request.',
  schema: 'consumer',
  readsAllSchemas: true,
  contract: ConsumerService,
  needs: {},
  settings: {
    // The audit compares the files of images with their rows.
    ...imageStoreSettings,
    // And the search index with the catalogue.
    ...searchIndexSettings,
    sweepIntervalMs: integer(
      'SWEEP_INTERVAL_MS',
      10_000,
      { min: 100, max: 3_600_000 },
      'How often the services are asked to sweep: to look for work that an event should have brought about and did not.',
    ),
    sweepAfterSeconds: integer(
      'SWEEP_AFTER_SECONDS',
      30,
      { min: 1, max: 86_400 },
      'How long something may be unfinished before the sweep takes care of it.',
    ),
  },
  contradictions: imageStoreContradictions,
  aggregates: [
    { type: 'dead-letter', sql: 'select id, version, dead_at, dead_at from consumer.dead_letters' },
  ],
  reactions: [],
  broker: { delivers: true },
  async open(scope, { log, nats, database, settings, wakeProducer }, system) {
    const { openConsumerService } = await import('./open-consumer-service.ts')
    const { reactors, databases, aggregates } = system
    return openConsumerService(scope, {
      ...{ log, nats, wakeProducer, database, reactors, databases, aggregates },
      ...settings,
    })
  },
})

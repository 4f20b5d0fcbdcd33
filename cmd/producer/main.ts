import { HealthService } from '../../internal/gen/health/v1/health_pb.ts'
import { serveRpc } from '../../internal/platform/rpc.ts'
import { openProducerService } from '../../internal/producer/producer-service.ts'
import { databaseOf, runService, scrubOf, streamLimitsOf } from '../service-process.ts'

await runService('producer', async (scope, { config, log, nats }) => {
  const producer = await openProducerService(scope, {
    log,
    databases: [databaseOf(config, 'producer')],
    nats,
    streams: streamLimitsOf(config),
    scrub: scrubOf(config),
  })
  serveRpc(scope, log, nats, 'producer', HealthService, producer.health)
})

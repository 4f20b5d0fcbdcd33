import { AnalyticsService } from '../gen/analytics/v1/analytics_pb.ts'
import { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import { defineService } from '../platform/service-definition.ts'
import { reactions } from './infrastructure/analytics-events.ts'

export const analyticsService = defineService({
  name: 'analytics',
  about: 'How the shop goes: what happened, by ids of things alone, and its sums by hour.',
  schema: 'analytics',
  contract: AnalyticsService,
  needs: { inventory: { contract: InventoryService, methods: ['readProducts'] } },
  settings: {},
  aggregates: [],
  reactions,
  async open(scope, { log, database, needs }) {
    const { openAnalyticsService } = await import('./open-analytics-service.ts')
    return openAnalyticsService(scope, { log, database, ...needs })
  },
})

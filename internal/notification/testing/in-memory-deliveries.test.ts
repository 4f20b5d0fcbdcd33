import t from 'tap'
import { deliveriesContract } from './deliveries-contract.ts'
import { inMemoryDeliveries } from './in-memory-deliveries.ts'

deliveriesContract(t, async () => {
  const deliveries = inMemoryDeliveries()
  return {
    deliveries,
    told: async () =>
      deliveries.events.map(({ type, delivery: { id, version } }) => {
        return { type, id, version }
      }),
  }
})

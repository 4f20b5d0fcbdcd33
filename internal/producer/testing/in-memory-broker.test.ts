import t from 'tap'
import { brokerContract, damageContract } from './broker-contract.ts'
import { inMemoryBroker } from './in-memory-broker.ts'

brokerContract(t, async () => inMemoryBroker())

damageContract(t, async () => {
  const broker = inMemoryBroker()
  return { broker, damage: async (_event, seq) => broker.damage('ORDERS', seq) }
})

import t from 'tap'
import { brokerContract } from './broker-contract.ts'
import { inMemoryBroker } from './in-memory-broker.ts'

brokerContract(t, async () => inMemoryBroker())

import t from 'tap'
import { inMemoryWebhooks } from './in-memory-webhooks.ts'
import { webhooksContract } from './webhooks-contract.ts'

webhooksContract(t, async () => inMemoryWebhooks())

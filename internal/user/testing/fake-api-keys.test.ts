import t from 'tap'
import { apiKeysContract } from './api-keys-contract.ts'
import { fakeApiKeys } from './fake-api-keys.ts'

apiKeysContract(t, async () => fakeApiKeys())

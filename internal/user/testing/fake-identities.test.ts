import t from 'tap'
import { fakeAccounts } from './fake-accounts.ts'
import { identitiesContract } from './identities-contract.ts'

identitiesContract(t, async () => fakeAccounts())

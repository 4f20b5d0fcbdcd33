import t from 'tap'
import { fakeAccounts } from './fake-accounts.ts'
import { sessionsContract } from './sessions-contract.ts'

sessionsContract(t, async () => fakeAccounts())

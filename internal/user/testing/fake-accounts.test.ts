import t from 'tap'
import { accountsContract } from './accounts-contract.ts'
import { fakeAccounts } from './fake-accounts.ts'

accountsContract(t, async () => fakeAccounts())

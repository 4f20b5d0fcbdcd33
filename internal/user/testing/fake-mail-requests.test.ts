import t from 'tap'
import { fakeAccounts } from './fake-accounts.ts'
import { mailRequestsContract } from './mail-requests-contract.ts'

mailRequestsContract(t, async () => fakeAccounts())

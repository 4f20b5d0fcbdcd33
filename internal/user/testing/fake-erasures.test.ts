import t from 'tap'
import { erasuresContract } from './erasures-contract.ts'
import { fakeAccounts } from './fake-accounts.ts'

erasuresContract(t, async () => fakeAccounts())

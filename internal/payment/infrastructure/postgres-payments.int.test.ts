import t, { type Test } from 'tap'
import { testDatabase } from '../../platform/testing/database.ts'
import { accountsContract } from '../testing/accounts-contract.ts'
import { openPayments } from '../testing/open-payments.ts'
import { paymentWorkContract } from '../testing/payment-work-contract.ts'

const open = async (t: Test) => openPayments(t, (await testDatabase(t)).url)

accountsContract(t, open)
paymentWorkContract(t, open)

import t from 'tap'
import { accountsContract } from './accounts-contract.ts'
import { inMemoryPayments } from './in-memory-payments.ts'
import { paymentWorkContract } from './payment-work-contract.ts'

accountsContract(t, async () => inMemoryPayments())
paymentWorkContract(t, async () => inMemoryPayments())

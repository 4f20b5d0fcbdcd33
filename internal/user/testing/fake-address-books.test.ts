import t from 'tap'
import { addressBooksContract } from './address-books-contract.ts'
import { fakeAccounts } from './fake-accounts.ts'
import { fakeAddressBooks } from './fake-address-books.ts'

addressBooksContract(t, async () => {
  const { accounts, published } = fakeAccounts()
  return { accounts, published, addressBooks: fakeAddressBooks(accounts) }
})

import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { AddressBooks } from '../application/address-books.ts'
import { openAccount, type UserId } from '../domain/account.ts'
import {
  changeAddress,
  removeAddress,
  saveAddress,
  type AddressId,
  type SavedAddress,
} from '../domain/address-book.ts'
import { eraseAccount } from '../domain/erasure.ts'
import { morning, newAccount, noon, trace, type AccountsFixture } from './accounts-contract.ts'

export type AddressBooksFixture = AccountsFixture & { readonly addressBooks: AddressBooks }

export const newAddress = (wanted: Partial<SavedAddress> = {}): SavedAddress => ({
  id: newId() as AddressId,
  address: {
    ...{ name: 'Ada', line1: '12 St James’s Square', line2: 'Attic', city: 'London', region: '' },
    ...{ postalCode: 'SW1Y 4JH', country: 'GB', phone: '+442079460000' },
  },
  ...{ isDefaultDelivery: false, isDefaultBilling: false, createdAt: morning, updatedAt: morning },
  ...wanted,
})

/** The behaviour of every implementation of the store of saved addresses. */
export function addressBooksContract(t: Test, open: (t: Test) => Promise<AddressBooksFixture>): void {
  const opened = async (t: Test) => {
    const fixture = await open(t)
    const { id } = await fixture.accounts.add(openAccount(newAccount(), morning), trace)
    const save = (saved: SavedAddress, owner = id) =>
      fixture.addressBooks.update(owner, (book) => saveAddress(book, saved))
    return { ...fixture, id, save }
  }

  t.test('what was saved is in the book of its owner, the oldest first, and in no other', async (t) => {
    const { addressBooks, accounts, id, save } = await opened(t)
    const { id: other } = await accounts.add(openAccount(newAccount(), morning), trace)
    const [first, second] = [newAddress(), newAddress()]
    await save(first)
    t.same(await save(second), [first, second])
    t.same(await addressBooks.ofUser(id), [first, second])
    t.same(await addressBooks.ofUser(other), [])
    await t.rejects(
      addressBooks.update(other, (book) => removeAddress(book, first.id)),
      { code: 'address.not-found' },
    )
  })

  t.test('changes and removals are stored, and a default is passed on', async (t) => {
    const { addressBooks, id, save } = await opened(t)
    const [first, second] = [newAddress({ isDefaultDelivery: true }), newAddress()]
    await save(first)
    await save(second)
    const changes = { address: undefined, isDefaultDelivery: true, isDefaultBilling: true }
    await addressBooks.update(id, (book) => changeAddress(book, second.id, changes, noon))
    const latest = { ...second, isDefaultDelivery: true, isDefaultBilling: true, updatedAt: noon }
    t.same(await addressBooks.ofUser(id), [{ ...first, isDefaultDelivery: false }, latest])
    await addressBooks.update(id, (book) => removeAddress(book, first.id))
    t.same(await addressBooks.ofUser(id), [latest])
  })

  t.test('of eight defaults that are saved at once one stays the default', async (t) => {
    const { addressBooks, id, save } = await opened(t)
    await Promise.all(
      Array.from({ length: 8 }, () => save(newAddress({ isDefaultDelivery: true, isDefaultBilling: true }))),
    )
    const book = await addressBooks.ofUser(id)
    t.equal(book.length, 8)
    t.equal(book.filter(({ isDefaultDelivery }) => isDefaultDelivery).length, 1)
    t.equal(book.filter(({ isDefaultBilling }) => isDefaultBilling).length, 1)
  })

  t.test('nothing is saved for somebody who is not there or was erased', async (t) => {
    const { addressBooks, accounts, id, save } = await opened(t)
    t.equal(await save(newAddress(), newId() as UserId), undefined)
    await accounts.update(id, (account) => eraseAccount(account, 1, noon), trace)
    t.equal(await save(newAddress()), undefined)
    t.same(await addressBooks.ofUser(id), [])
  })

  t.test('a request that is repeated finds its address, and another one may not have its key', async (t) => {
    const { addressBooks, id } = await opened(t)
    const [saved, other] = [newAddress(), newAddress()]
    const once = { key: newId(), fingerprint: 'f' }
    const under = (made: SavedAddress) =>
      addressBooks.update(id, (book) => saveAddress(book, made), { once, made: made.id })
    t.equal(await addressBooks.findByRequest(once), undefined)
    await under(saved)
    t.equal(await addressBooks.findByRequest(once), saved.id)
    await t.rejects(under(other), { code: 'request.idempotency-key-in-use' })
    t.same(await addressBooks.ofUser(id), [saved], 'nothing is left of it')
    await t.rejects(addressBooks.findByRequest({ ...once, fingerprint: 'g' }), {
      code: 'request.idempotency-key-reused',
    })
  })
}

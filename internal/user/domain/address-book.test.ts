import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import {
  changeAddress,
  mostAddresses,
  removeAddress,
  saveAddress,
  type Address,
  type AddressBook,
  type AddressId,
  type SavedAddress,
} from './address-book.ts'

const [morning, noon] = [new Date('2026-11-29T08:00:00Z'), new Date('2026-11-29T12:00:00Z')]
const home: Address = {
  ...{ name: 'Ada', line1: '12 St James’s Square', line2: '', city: 'London', region: '' },
  ...{ postalCode: 'SW1Y 4JH', country: 'GB', phone: '' },
}
const saved = (wanted: Partial<SavedAddress> = {}): SavedAddress => ({
  ...{ id: newId() as AddressId, address: home, isDefaultDelivery: false, isDefaultBilling: false },
  ...{ createdAt: morning, updatedAt: morning, ...wanted },
})
const nothing = { address: undefined, isDefaultDelivery: undefined, isDefaultBilling: undefined }

t.test('an address that is saved as the default takes that from the one before', async (t) => {
  const first = saved({ isDefaultDelivery: true, isDefaultBilling: true })
  const second = saved({ isDefaultDelivery: true })
  const book = saveAddress(saveAddress([], first), second)
  t.same(book, [{ ...first, isDefaultDelivery: false }, second])
})

t.test('a change leaves what it does not name, and all other addresses', async (t) => {
  const book: AddressBook = [saved({ isDefaultDelivery: true }), saved({ isDefaultBilling: true })]
  const [first, second] = book as [SavedAddress, SavedAddress]
  const moved = { ...home, city: 'Truro' }
  const changed = changeAddress(book, first.id, { ...nothing, address: moved }, noon)
  t.same(changed[0], { ...first, address: moved, updatedAt: noon })
  t.equal(changed[1], second, 'the same value, so that nothing of it is written')
  const chosen = changeAddress(book, first.id, { ...nothing, isDefaultBilling: true }, noon)
  t.match(chosen, [{ isDefaultDelivery: true, isDefaultBilling: true }, { isDefaultBilling: false }])
  const none = changeAddress(book, first.id, { ...nothing, isDefaultDelivery: false }, noon)
  t.notOk(none.some(({ isDefaultDelivery }) => isDefaultDelivery))
})

t.test('an account has a bounded number of addresses', async (t) => {
  const full = Array.from({ length: mostAddresses }, () => saved())
  t.throws(() => saveAddress(full, saved()), { kind: 'conflict', code: 'address.too-many' })
  t.equal(saveAddress(full.slice(1), saved()).length, mostAddresses)
})

t.test('an address that is not in the book is neither changed nor removed', async (t) => {
  const book = [saved()]
  const other = newId() as AddressId
  t.throws(() => changeAddress(book, other, nothing, noon), { code: 'address.not-found' })
  t.throws(() => removeAddress(book, other), { code: 'address.not-found' })
  t.same(removeAddress(book, book[0]!.id), [])
})

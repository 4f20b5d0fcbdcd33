import { requireUser, type Call, type Once } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import type { UserId } from '../domain/account.ts'
import {
  addressNotFound,
  changeAddress,
  removeAddress,
  saveAddress,
  type Address,
  type AddressBook,
  type AddressChanges,
  type AddressId,
  type SavedAddress,
} from '../domain/address-book.ts'
import { unknownUser } from './get-user.ts'

/** What people have saved. */
export type AddressBooks = {
  readonly ofUser: (userId: UserId) => Promise<AddressBook>
  /**
   * `decide` gets the book while its account is locked, and may refuse. Undefined for an account that is not there or was
   * erased; then nothing is stored.
   */
  readonly update: (
    userId: UserId,
    decide: (book: AddressBook) => AddressBook,
    request?: { readonly once: Once; readonly made: AddressId },
  ) => Promise<AddressBook | undefined>
  /** The id of the address that the same request has made. Refuses a key that was used with another one. */
  readonly findByRequest: (once: Once) => Promise<AddressId | undefined>
}

type Deps = {
  readonly addressBooks: AddressBooks
  readonly newAddressId: () => AddressId
  readonly now: () => Date
}

type NewAddress = {
  readonly address: Address
  readonly isDefaultDelivery: boolean
  readonly isDefaultBilling: boolean
}

export function listOwnAddresses({ addressBooks }: Pick<Deps, 'addressBooks'>) {
  return async (call: Call): Promise<AddressBook> => addressBooks.ofUser(ownerOf(call))
}

export function saveOwnAddress({ addressBooks, newAddressId, now }: Deps) {
  return async (wanted: NewAddress, call: Call): Promise<Done<SavedAddress>> => {
    const [owner, id, at] = [ownerOf(call), newAddressId(), now()]
    const saved = { ...wanted, id, createdAt: at, updatedAt: at }
    const earlier = async (once: Once): Promise<SavedAddress | undefined> => {
      const made = await addressBooks.findByRequest(once)
      return made && inBook(await addressBooks.ofUser(owner), made)
    }
    return doOnce(call.once, earlier, async () => {
      const request = call.once && { once: call.once, made: id }
      const book = await addressBooks.update(owner, (seen) => saveAddress(seen, saved), request)
      return inBook(book ?? unknownUser(), id)
    })
  }
}

export function changeOwnAddress({ addressBooks, now }: Deps) {
  return async (id: AddressId, changes: AddressChanges, call: Call): Promise<SavedAddress> => {
    const decide = (book: AddressBook) => changeAddress(book, id, changes, now())
    return inBook((await addressBooks.update(ownerOf(call), decide)) ?? unknownUser(), id)
  }
}

export function removeOwnAddress({ addressBooks }: Pick<Deps, 'addressBooks'>) {
  return async (id: AddressId, call: Call): Promise<void> => {
    if (!(await addressBooks.update(ownerOf(call), (book) => removeAddress(book, id)))) unknownUser()
  }
}

export const addressUses = (deps: Deps) => ({
  listOwnAddresses: listOwnAddresses(deps),
  saveOwnAddress: saveOwnAddress(deps),
  changeOwnAddress: changeOwnAddress(deps),
  removeOwnAddress: removeOwnAddress(deps),
})

const ownerOf = (call: Call): UserId => requireUser(call).userId as UserId

const inBook = (book: AddressBook, id: AddressId): SavedAddress =>
  book.find((each) => each.id === id) ?? addressNotFound()

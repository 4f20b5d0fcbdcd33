import type { Brand } from '../../platform/brand.ts'
import { Refusal } from '../../platform/refusal.ts'

export type AddressId = Brand<string, 'AddressId'>

/** Where parcels or receipts go, as platform/parse-address.ts makes it. */
export type Address = {
  readonly name: string
  readonly line1: string
  readonly line2: string
  readonly city: string
  readonly region: string
  readonly postalCode: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** E.164, or empty. */
  readonly phone: string
}

/** An address that somebody keeps for the next time. Of each account at most one is the default of each kind. */
export type SavedAddress = {
  readonly id: AddressId
  readonly address: Address
  readonly isDefaultDelivery: boolean
  readonly isDefaultBilling: boolean
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** All that one account has saved, the oldest first. */
export type AddressBook = readonly SavedAddress[]

/** Undefined: it stays as it is. */
export type AddressChanges = {
  readonly address: Address | undefined
  readonly isDefaultDelivery: boolean | undefined
  readonly isDefaultBilling: boolean | undefined
}

/** Far more than a person moves or gives presents to. */
export const mostAddresses = 50

export function saveAddress(book: AddressBook, saved: SavedAddress): AddressBook {
  if (book.length >= mostAddresses)
    throw new Refusal('conflict', 'address.too-many', `there are ${mostAddresses} addresses; delete some first`) // prettier-ignore
  return withOneDefault([...book, saved], saved)
}

export function changeAddress(
  book: AddressBook,
  id: AddressId,
  changes: AddressChanges,
  at: Date,
): AddressBook {
  const seen = book.find((each) => each.id === id) ?? addressNotFound()
  const changed: SavedAddress = {
    ...seen,
    address: changes.address ?? seen.address,
    isDefaultDelivery: changes.isDefaultDelivery ?? seen.isDefaultDelivery,
    isDefaultBilling: changes.isDefaultBilling ?? seen.isDefaultBilling,
    updatedAt: at,
  }
  const all = book.map((each) => (each === seen ? changed : each))
  return withOneDefault(all, changed)
}

export function removeAddress(book: AddressBook, id: AddressId): AddressBook {
  if (!book.some((each) => each.id === id)) addressNotFound()
  return book.filter((each) => each.id !== id)
}

/** What the latest one is the default of, no other one is any more. The others stay the same values. */
function withOneDefault(book: AddressBook, latest: SavedAddress): AddressBook {
  return book.map((each) => {
    if (each === latest) return each
    const isDefaultDelivery = each.isDefaultDelivery && !latest.isDefaultDelivery
    const isDefaultBilling = each.isDefaultBilling && !latest.isDefaultBilling
    const isSame = isDefaultDelivery === each.isDefaultDelivery && isDefaultBilling === each.isDefaultBilling
    return isSame ? each : { ...each, isDefaultDelivery, isDefaultBilling }
  })
}

export function addressNotFound(): never {
  throw new Refusal('not-found', 'address.not-found', 'you have no such address')
}

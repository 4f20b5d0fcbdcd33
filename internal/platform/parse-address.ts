import countries from 'i18n-iso-countries'
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min'
import { Refusal } from './refusal.ts'
import { isAtMost, isStorableLine, textLengths, tidy } from './text.ts'

export type Address = {
  readonly name: string
  readonly line1: string
  readonly line2: string
  readonly city: string
  readonly region: string
  readonly postalCode: string
  /** ISO 3166-1 alpha-2, in upper case. */
  readonly country: string
  /** E.164, or empty. */
  readonly phone: string
}

const addressLengths = {
  name: textLengths.personName,
  line1: textLengths.addressLine,
  line2: textLengths.addressLine,
  city: textLengths.city,
  region: textLengths.region,
  postalCode: textLengths.postalCode,
  country: 2,
  phone: textLengths.phone,
} as const

const required: readonly (keyof Address)[] = ['name', 'line1', 'city', 'postalCode', 'country']

/** An address as people write it. Refuses with address.invalid, and says which field is wrong. */
export function parseAddress(given: { readonly [Field in keyof Address]: string }): Address {
  const fields = Object.keys(addressLengths) as (keyof Address)[]
  for (const field of fields) refuseBadText(field, given[field])
  const tidied = Object.fromEntries(fields.map((field) => [field, tidy(given[field])])) as Address // all fields
  for (const field of required) if (tidied[field] === '') throw invalid(field, 'is required')
  const country = parseCountry(tidied.country)
  return { ...tidied, country, phone: phoneOf(tidied.phone, country) }
}

/** In upper case. */
export function parseCountry(text: string): string {
  const country = tidy(text).toUpperCase()
  if (country.length === 2 && countries.isValid(country)) return country
  throw invalid('country', 'is a country of ISO 3166-1, in two letters')
}

/** In E.164, whichever way it was written. A number without a country code is one of the address's country. */
function phoneOf(text: string, country: string): string {
  if (text === '') return ''
  const phone = parsePhoneNumberFromString(text, country as CountryCode)
  if (!phone?.isPossible()) throw invalid('phone', 'is no telephone number')
  return phone.number
}

function refuseBadText(field: keyof Address, text: string): void {
  if (!isStorableLine(text)) throw invalid(field, 'is one line of text')
  if (!isAtMost(text, addressLengths[field]))
    throw invalid(field, `has at most ${addressLengths[field]} characters`)
}

const invalid = (field: keyof Address, rule: string): Refusal =>
  new Refusal('invalid', 'address.invalid', `the address's ${field} ${rule}`, { field })

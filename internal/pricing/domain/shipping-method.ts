import { Refusal } from '../../platform/refusal.ts'
import { ruleLimits } from '../../platform/rule-limits.ts'
import { textLengths } from '../../platform/text.ts'
import { parseAmount, parseCountry, parseLine, patched, requireVersion, type Patch } from './fields.ts'
import type { ShippingMethod, ShippingMethodId } from './rules.ts'

/** Amounts are decimal. */
export type ShippingMethodInput = {
  readonly name: string
  readonly countries: readonly string[]
  readonly price: string
  readonly perKilogram: string | undefined
  readonly freeFrom: string | undefined
  readonly estimate: string | undefined
}

export type ShippingMethodPatch = {
  readonly name?: string | undefined
  readonly countries?: readonly string[] | undefined
  readonly price?: string | undefined
  readonly perKilogram?: Patch<string>
  readonly freeFrom?: Patch<string>
  readonly estimate?: Patch<string>
}

/** Its amounts are in the shop's currency, and it keeps that. */
export function createShippingMethod(
  id: ShippingMethodId,
  { name, countries, price, ...optional }: ShippingMethodInput,
  currency: string,
  at: Date,
): ShippingMethod {
  const bare: ShippingMethod = {
    ...{ id, currency, version: 1, createdAt: at, updatedAt: at, deletedAt: undefined },
    ...{ name: '', countries: [], priceMinor: 0n },
    ...{ perKilogramMinor: undefined, freeFromMinor: undefined, estimate: undefined },
  }
  return applyPatch(bare, { name, countries, price, ...optional })
}

export function updateShippingMethod(
  method: ShippingMethod,
  patch: ShippingMethodPatch,
  expectedVersion: number | undefined,
  at: Date,
): ShippingMethod {
  requireVersion(method, expectedVersion, mismatch)
  return { ...applyPatch(method, patch), version: method.version + 1, updatedAt: at }
}

/** Orders keep its name and price. */
export function deleteShippingMethod(
  method: ShippingMethod,
  expectedVersion: number | undefined,
  at: Date,
): ShippingMethod {
  requireVersion(method, expectedVersion, mismatch)
  return { ...method, version: method.version + 1, updatedAt: at, deletedAt: at }
}

export const shippingMethodNotFound = (): Refusal =>
  new Refusal('not-found', 'shipping-method.not-found', 'there is no such shipping method')

function applyPatch(method: ShippingMethod, patch: ShippingMethodPatch): ShippingMethod {
  const { currency } = method
  const { name, countries, price, perKilogram, freeFrom, estimate } = patch
  const amount = (field: string) => (text: string) => parseAmount(wrong, field, text, currency)
  return {
    ...method,
    name: name === undefined ? method.name : parseLine(wrong, 'name', name, textLengths.ruleName),
    countries: countries === undefined ? method.countries : parseCountries(countries),
    priceMinor: price === undefined ? method.priceMinor : amount('price')(price),
    perKilogramMinor: patched(perKilogram, method.perKilogramMinor, amount('perKilogram')),
    freeFromMinor: patched(freeFrom, method.freeFromMinor, amount('freeFrom')),
    estimate: patched(estimate, method.estimate, (text) =>
      parseLine(wrong, 'estimate', text, textLengths.ruleName),
    ),
  }
}

function parseCountries(countries: readonly string[]): readonly string[] {
  if (countries.length > ruleLimits.countries)
    throw wrong('countries', `countries must be at most ${ruleLimits.countries}`)
  return [...new Set(countries.map((country) => parseCountry(wrong, 'countries', country)))]
}

const wrong = (field: string, message: string): Refusal =>
  new Refusal('invalid', 'shipping-method.invalid', message, { field })

const mismatch = (details: Readonly<Record<string, number>>): Refusal =>
  new Refusal(
    'conflict',
    'shipping-method.version-mismatch',
    'the shipping method has changed meanwhile',
    details,
  )

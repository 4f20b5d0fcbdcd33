import { ruleLimits } from '../../platform/rule-limits.ts'
import { textLengths } from '../../platform/text.ts'
import { parseUuid } from '../../platform/uuid.ts'
import { parseAmount, parseLine, type Wrong } from './fields.ts'
import { wholePpm, type Benefit } from './rules.ts'

type GivenBenefit = { readonly kind?: string | undefined; readonly value?: string | undefined }

/** What is not given stays. Another kind needs another value. */
export function parseBenefit(
  wrong: Wrong,
  benefit: Benefit,
  { kind = benefit.kind, value }: GivenBenefit,
  currency: string,
): Benefit {
  if (kind === 'free-shipping') {
    if (value !== undefined && Number(value) !== 0) throw wrong('value', 'free shipping has no value')
    return { kind }
  }
  if (kind === benefit.kind && value === undefined) return benefit
  if (value === undefined) throw wrong('value', 'value must be given')
  if (kind === 'percent') return { kind, ppm: parsePercent(wrong, value) }
  if (kind !== 'amount') throw wrong('kind', 'kind must be percent, amount or free-shipping')
  const minor = parseAmount(wrong, 'value', value, currency)
  if (minor === 0n) throw wrong('value', 'value must be above zero')
  return { kind, minor }
}

function parsePercent(wrong: Wrong, value: string): number {
  const ppm = value.trim() === '' ? NaN : Number(`${Number(value)}e4`)
  if (Number.isInteger(ppm) && ppm > 0 && ppm <= Number(wholePpm)) return ppm
  throw wrong('value', 'value must be above 0 and at most 100 percent, with at most four decimals')
}

/** It is typed by people and stands in addresses, so it has letters, digits and a few signs. */
export function parseCode(wrong: Wrong, code: string): string {
  const tidied = parseLine(wrong, 'code', code, textLengths.promotionCode)
  if (/^[\p{L}\p{N}._-]+$/u.test(tidied)) return tidied
  throw wrong('code', 'code must have letters, digits, dots, dashes and underscores only')
}

export function parseProducts(wrong: Wrong, products: readonly string[]): readonly string[] {
  refuseTooMany(wrong, 'products', products)
  return [...new Set(products.map((id) => parseUuid(id, 'promotion.invalid', "a product's id")))]
}

export function parseCategories(wrong: Wrong, categories: readonly string[]): readonly string[] {
  refuseTooMany(wrong, 'categories', categories)
  return [
    ...new Set(categories.map((text) => parseLine(wrong, 'categories', text, textLengths.categoryPath))),
  ]
}

function refuseTooMany(wrong: Wrong, field: string, items: readonly string[]): void {
  if (items.length > ruleLimits.targets) throw wrong(field, `${field} must be at most ${ruleLimits.targets}`)
}

export function parseMoment(wrong: Wrong, field: string, text: string): Date {
  const moment = new Date(text)
  if (!Number.isNaN(moment.getTime())) return moment
  throw wrong(field, `${field} must be a time, as in RFC 3339`)
}

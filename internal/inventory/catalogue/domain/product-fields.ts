import { Refusal } from '../../../platform/refusal.ts'
import {
  isAtMost,
  isStorable,
  isStorableLine,
  maxWeightGrams,
  textLengths,
  tidy,
} from '../../../platform/text.ts'
import { parsePath } from './category.ts'

/** A product page shows a handful; every list of products carries them all. */
const maxImages = 20

/** What `toMinor` in the gateway can make, and a JSON number can hold. */
const priceCeiling = 2n ** 53n

export function parseName(text: string): string {
  return filled('name', text, textLengths.productName)
}

/** A path: the names of the categories that lead to it, with slashes between. */
export function parseCategory(text: string): string {
  return parsePath(text, (message) => invalid('category', message))
}

/** Its case stays as it was given, but no two products have SKUs that differ in case only. */
export function parseSku(text: string): string {
  return filled('sku', text, textLengths.sku)
}

export function parseDescription(text: string): string {
  const description = limited('description', tidy(text), textLengths.description)
  if (!isStorable(description))
    throw invalid('description', 'description must have no control characters but tabs and line breaks')
  return description
}

export function parseImages(urls: readonly string[]): readonly string[] {
  if (urls.length > maxImages) throw invalid('images', `images must be at most ${maxImages}`)
  return urls.map((url) => line('images', url, textLengths.imageUrl))
}

export function parsePrice(minor: bigint): bigint {
  if (minor >= 0n && minor < priceCeiling) return minor
  throw invalid('price', 'price must be from 0 to below 2^53 minor units')
}

export function parseWeight(grams: number): number {
  if (Number.isInteger(grams) && grams >= 0 && grams <= maxWeightGrams) return grams
  throw invalid('weightGrams', `weightGrams must be a whole number from 0 to ${maxWeightGrams}`)
}

function filled(field: 'name' | 'sku', text: string, maxLength: number): string {
  const tidied = tidy(text)
  if (tidied === '') throw invalid(field, `${field} must not be empty`)
  return line(field, tidied, maxLength)
}

function line(field: string, text: string, maxLength: number): string {
  if (!isStorableLine(text)) throw invalid(field, `${field} must have no control characters`)
  return limited(field, text, maxLength)
}

function limited(field: string, text: string, maxLength: number): string {
  if (isAtMost(text, maxLength)) return text
  throw invalid(field, `${field} must be at most ${maxLength} characters long`)
}

function invalid(field: string, message: string): Refusal {
  return new Refusal('invalid', 'product.invalid', message, { field })
}

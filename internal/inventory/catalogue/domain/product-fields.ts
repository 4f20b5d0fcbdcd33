import { isStorableText } from '../../domain/storable-text.ts'
import { Refusal } from '../../../platform/refusal.ts'

/** Characters. Longer ones are mistakes, and the indexed ones must stay below a B-tree entry's 2,704 bytes. */
const limits = { name: 200, category: 100, sku: 64, description: 10_000, image: 2_048 } as const

/** A product page shows a handful; every list of products carries them all. */
const maxImages = 20

/** What `toMinor` in the gateway can make, and a JSON number can hold. */
const priceCeiling = 2n ** 53n

export function parseName(text: string): string {
  return filled('name', text)
}

export function parseCategory(text: string): string {
  return filled('category', text)
}

export function parseSku(text: string): string {
  return filled('sku', text)
}

export function parseDescription(text: string): string {
  return limited('description', text.trim(), limits.description)
}

export function parseImages(urls: readonly string[]): readonly string[] {
  if (urls.length > maxImages) throw invalid('images', `images must be at most ${maxImages}`)
  return urls.map((url) => limited('images', url, limits.image))
}

export function parsePrice(minor: bigint): bigint {
  if (minor >= 0n && minor < priceCeiling) return minor
  throw invalid('price', 'price must be from 0 to below 2^53 minor units')
}

function filled(field: 'name' | 'category' | 'sku', text: string): string {
  const trimmed = text.trim()
  if (trimmed === '') throw invalid(field, `${field} must not be empty`)
  return limited(field, trimmed, limits[field])
}

function limited(field: string, text: string, maxLength: number): string {
  if (text.length > maxLength) throw invalid(field, `${field} must be at most ${maxLength} characters long`)
  if (!isStorableText(text)) throw invalid(field, `${field} must be text without NUL and lone surrogates`)
  return text
}

function invalid(field: string, message: string): Refusal {
  return new Refusal('invalid', 'product.invalid', message, { field })
}

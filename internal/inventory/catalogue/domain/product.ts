import type { Change } from '../../../platform/change.ts'
import { toMinor, type Money } from '../../../platform/money.ts'
import { Refusal } from '../../../platform/refusal.ts'
import type { ProductId } from '../../domain/ids.ts'
import {
  parseCategory,
  parseDescription,
  parseImages,
  parseName,
  parsePrice,
  parseSku,
  parseWeight,
} from './product-fields.ts'

export type Product = {
  readonly id: ProductId
  readonly sku: string
  readonly name: string
  readonly category: string
  readonly description: string
  readonly images: readonly string[]
  readonly price: Money
  /** Of one unit, as it is sent. Undefined when nobody has said. */
  readonly weightGrams: number | undefined
  /** Counts the changes of what is written here; its deletion is one. Stock has a counter of its own. */
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly deletedAt: Date | undefined
}

export type ProductEvent = {
  readonly type: 'ProductCreated' | 'ProductUpdated' | 'ProductDeleted'
  readonly product: Product
}

export type ProductChange = Change<Product, ProductEvent>

export type NewProduct = {
  readonly name: string
  readonly category: string
  readonly price: Money
  /** Empty: made from the id. */
  readonly sku: string
  readonly description: string
  readonly images: readonly string[]
  readonly weightGrams?: number | undefined
}

/** What is absent stays. */
export type ProductPatch = {
  readonly name?: string | undefined
  readonly category?: string | undefined
  /** A decimal amount in the currency of the product, which it keeps. */
  readonly price?: number | undefined
  readonly priceMinor?: bigint | undefined
  readonly sku?: string | undefined
  readonly description?: string | undefined
  readonly images?: readonly string[] | undefined
  readonly weightGrams?: number | undefined
}

export function createProduct(id: ProductId, input: NewProduct, at: Date): ProductChange {
  const product: Product = {
    id,
    sku: input.sku.trim() === '' ? skuOf(id) : parseSku(input.sku),
    name: parseName(input.name),
    category: parseCategory(input.category),
    description: parseDescription(input.description),
    images: parseImages(input.images),
    price: { minor: parsePrice(input.price.minor), currency: input.price.currency },
    weightGrams: input.weightGrams === undefined ? undefined : parseWeight(input.weightGrams),
    version: 1,
    createdAt: at,
    updatedAt: at,
    deletedAt: undefined,
  }
  return { state: product, events: [{ type: 'ProductCreated', product }] }
}

/** A patch that says what is already so changes nothing: no version, no event. */
export function updateProduct(
  product: Product,
  patch: ProductPatch,
  expectedVersion: number | undefined,
  at: Date,
): ProductChange {
  requireVersion(product, expectedVersion)
  const patched = applyPatch(product, patch)
  if (isSame(product, patched)) return { state: product, events: [] }
  const next = { ...patched, version: product.version + 1, updatedAt: at }
  return { state: next, events: [{ type: 'ProductUpdated', product: next }] }
}

/** The product stays for its orders' sake, but nobody sees or orders it any more. */
export function deleteProduct(
  product: Product,
  expectedVersion: number | undefined,
  at: Date,
): ProductChange {
  requireVersion(product, expectedVersion)
  const next = { ...product, version: product.version + 1, updatedAt: at, deletedAt: at }
  return { state: next, events: [{ type: 'ProductDeleted', product: next }] }
}

export function skuTaken(): Refusal {
  return new Refusal('conflict', 'product.sku-taken', 'another product has this SKU')
}

/** The random half of a UUIDv7; its other half is the time. */
function skuOf(id: ProductId): string {
  return `P-${id.replaceAll('-', '').slice(16).toUpperCase()}`
}

function requireVersion(product: Product, expected: number | undefined): void {
  if (expected === undefined || expected === product.version) return
  throw new Refusal('conflict', 'product.version-mismatch', 'the product has changed meanwhile', {
    expected,
    current: product.version,
  })
}

function applyPatch(product: Product, patch: ProductPatch): Product {
  const { name, category, price, sku, description, images, weightGrams } = patch
  const minor = price === undefined ? patch.priceMinor : toMinor(price, product.price.currency)
  return {
    ...product,
    ...(name !== undefined && { name: parseName(name) }),
    ...(category !== undefined && { category: parseCategory(category) }),
    ...(minor !== undefined && { price: { ...product.price, minor: parsePrice(minor) } }),
    ...(sku !== undefined && { sku: sku.trim() === '' ? skuOf(product.id) : parseSku(sku) }),
    ...(description !== undefined && { description: parseDescription(description) }),
    ...(images !== undefined && { images: parseImages(images) }),
    ...(weightGrams !== undefined && { weightGrams: parseWeight(weightGrams) }),
  }
}

function isSame(before: Product, after: Product): boolean {
  const catalogue = ({ name, category, sku, description, images, price, weightGrams }: Product): string =>
    JSON.stringify([name, category, sku, description, images, String(price.minor), weightGrams])
  return catalogue(before) === catalogue(after)
}

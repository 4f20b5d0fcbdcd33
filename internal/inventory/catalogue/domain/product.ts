import type { Change } from '../../../platform/change.ts'
import { toMinor, type Money } from '../../../platform/money.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { categoryKey } from '../../../platform/category-path.ts'
import type { CategoryId, FamilyId, ProductId } from '../../domain/ids.ts'
import { parseAttributes, requireFit, type Attributes, type AttributeSchema } from './attributes.ts'
import type { Category } from './category.ts'
import { membershipText, parseOptions, wrongOptions, type Membership } from './family.ts'
import {
  parseCategory,
  parseDescription,
  parseImages,
  parseName,
  parsePrice,
  parseSku,
  parseWeight,
} from './product-fields.ts'
import type { UploadedImage } from './uploaded-image.ts'

export type Product = {
  readonly id: ProductId
  readonly sku: string
  readonly name: string
  /** The path of its category. */
  readonly category: string
  /** Undefined until it is placed in the category of that path. */
  readonly categoryId: CategoryId | undefined
  /** Its place in a family. */
  readonly membership: Membership | undefined
  /** They fit the category. */
  readonly attributes: Attributes
  readonly description: string
  /** Addresses that were given from outside. */
  readonly images: readonly string[]
  /** Oldest first. */
  readonly uploaded: readonly UploadedImage[]
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
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  readonly familyId?: FamilyId | undefined
  readonly options?: Readonly<Record<string, unknown>> | undefined
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
  /** All of them. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  /** null: it leaves its family. */
  readonly familyId?: FamilyId | null | undefined
  readonly options?: Readonly<Record<string, unknown>> | undefined
  readonly weightGrams?: number | undefined
}

export function createProduct(id: ProductId, input: NewProduct, at: Date): ProductChange {
  const product: Product = {
    id,
    sku: input.sku.trim() === '' ? skuOf(id) : parseSku(input.sku),
    name: parseName(input.name),
    category: parseCategory(input.category),
    categoryId: undefined,
    attributes: parseAttributes(input.attributes ?? {}),
    membership: memberOf(undefined, input),
    description: parseDescription(input.description),
    images: parseImages(input.images),
    uploaded: [],
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

/**
 * The same change of a product that is in this category. Refused with product.invalid-attribute when its attributes do not
 * fit.
 */
export function inCategory(
  { state, events }: ProductChange,
  { id, path }: Category,
  schema: AttributeSchema,
): ProductChange {
  requireFit(state.attributes, schema)
  const place = { categoryId: id, category: path }
  return {
    state: { ...state, ...place },
    events: events.map((event) => ({ ...event, product: { ...event.product, ...place } })),
  }
}

/** The product stays for its orders' sake, but nobody sees or orders it any more. */
export function deleteProduct(
  product: Product,
  expectedVersion: number | undefined,
  at: Date,
): ProductChange {
  requireVersion(product, expectedVersion)
  const next = { ...product, uploaded: [], version: product.version + 1, updatedAt: at, deletedAt: at }
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
  const { name, category, price, sku, description, images, attributes, weightGrams } = patch
  const minor = price === undefined ? patch.priceMinor : toMinor(price, product.price.currency)
  return {
    ...product,
    ...(name !== undefined && { name: parseName(name) }),
    ...(category !== undefined && recategorized(product, parseCategory(category))),
    ...(minor !== undefined && { price: { ...product.price, minor: parsePrice(minor) } }),
    ...(sku !== undefined && { sku: sku.trim() === '' ? skuOf(product.id) : parseSku(sku) }),
    ...(description !== undefined && { description: parseDescription(description) }),
    ...(images !== undefined && { images: parseImages(images) }),
    ...(attributes !== undefined && { attributes: parseAttributes(attributes) }),
    membership: memberOf(product.membership, patch),
    ...(weightGrams !== undefined && { weightGrams: parseWeight(weightGrams) }),
  }
}

/** A path that is written in another way is the same path. */
function recategorized(product: Product, category: string): Pick<Product, 'category' | 'categoryId'> {
  const isSamePath = categoryKey(category) === categoryKey(product.category)
  const { category: path, categoryId } = product
  return isSamePath ? { category: path, categoryId } : { category, categoryId: undefined }
}

/** What is not named stays. */
function memberOf(
  before: Membership | undefined,
  { familyId, options }: Pick<ProductPatch, 'familyId' | 'options'>,
): Membership | undefined {
  if (familyId === undefined && options === undefined) return before
  const id = familyId === undefined ? before?.familyId : (familyId ?? undefined)
  const parsed = options === undefined ? (before?.options ?? {}) : parseOptions(options)
  if (id !== undefined) return { familyId: id, options: parsed }
  if (options === undefined || Object.keys(parsed).length === 0) return undefined
  throw wrongOptions('only products of a family have options')
}

function isSame(before: Product, after: Product): boolean {
  const catalogue = (product: Product): string => {
    const { name, category, sku, description, images, attributes, price, weightGrams } = product
    return JSON.stringify([
      product.membership && membershipText(product.membership),
      name,
      category,
      sku,
      description,
      images,
      attributes,
      String(price.minor),
      weightGrams,
    ])
  }
  return catalogue(before) === catalogue(after)
}

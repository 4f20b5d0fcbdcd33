import type { Sql } from '../../../platform/database.ts'
import { jsonLength } from '../../../platform/text.ts'
import type { ListedProduct, Quote } from '../application/products.ts'
import type { CategoryId, FamilyId, ProductId } from '../../domain/ids.ts'
import type { Attributes } from '../domain/attributes.ts'
import type { Membership } from '../domain/family.ts'
import type { UploadedImage } from '../domain/uploaded-image.ts'

/** A product as JSON; its price is text. */
export type ProductRow = {
  readonly id: ProductId
  readonly sku: string
  readonly name: string
  readonly category: string
  readonly category_id: CategoryId | null
  readonly attributes: Attributes
  readonly family_id: FamilyId | null
  readonly options: Membership['options'] | null
  readonly description: string
  readonly images: readonly string[]
  readonly uploaded: readonly UploadedImage[] | null
  readonly price_minor: string
  readonly currency: string
  readonly weight_grams: number | null
  readonly version: number
  readonly created_at: string
  readonly updated_at: string
  readonly deleted_at: string | null
  readonly available: number
}

export const catalogueColumns = `p.id, p.sku, p.name, p.category, p.description, p.images, p.price_minor, p.currency,
  p.weight_grams, p.version, p.created_at, p.updated_at, p.deleted_at, p.category_id, p.attributes,
  p.family_id, p.options`

/** Of `p`, with the catalogue's columns, and `s`, its stock, one JSON value: the driver takes longer for fourteen columns. */
export const selectProduct = (from: string): string => `select row_to_json(found) as row from ${from}
  cross join lateral (
    select p.id, p.sku, p.name, p.category, p.description, p.images, p.price_minor::text, p.currency,
      p.weight_grams, p.version, p.created_at, p.updated_at, p.deleted_at, p.category_id, p.attributes,
      p.family_id, p.options, s.available,
      (select json_agg(json_build_object('id', i.id, 'alt', i.alt, 'width', i.width, 'height', i.height) order by i.id)
        from inventory.product_images i where i.product_id = p.id and i.state = 'shown') as uploaded
  ) found`

/** What a statement finds that begins with `selectProduct`. */
export async function selectProducts(
  sql: Sql,
  text: string,
  ...values: readonly unknown[]
): Promise<readonly ProductRow[]> {
  const rows = await sql.$queryRawUnsafe<{ readonly row: ProductRow }[]>(text, ...values)
  return rows.map(({ row }) => row)
}

export const liveProducts = `inventory.products p
  join inventory.stock s on s.product_id = p.id and p.deleted_at is null`

export function fromRow(row: ProductRow): ListedProduct {
  const { id, sku, name, category, attributes, description, images, version, available } = row
  return {
    available,
    product: {
      ...{ id, sku, name, category, attributes, description, images, version },
      categoryId: row.category_id ?? undefined,
      membership: row.family_id ? { familyId: row.family_id, options: row.options ?? {} } : undefined,
      uploaded: row.uploaded ?? [],
      price: { minor: BigInt(row.price_minor), currency: row.currency },
      weightGrams: row.weight_grams ?? undefined,
      createdAt: new Date(row.created_at),
      updatedAt: new Date(row.updated_at),
      deletedAt: row.deleted_at === null ? undefined : new Date(row.deleted_at),
    },
  }
}

type SizedProduct = Pick<
  ProductRow,
  'sku' | 'name' | 'category' | 'attributes' | 'description' | 'images' | 'uploaded'
>

/** Of the id, the addresses and the sizes of an uploaded image. */
const uploadedImageBytes = 400

/** Of five options of a family. */
const optionsBytes = 5 * 900

/** An upper bound of the bytes that the product takes in an answer. */
export function productSize(product: SizedProduct): number {
  const { sku, name, category, attributes, description, images, uploaded } = product
  let bytes = 600
  for (const text of [sku, name, category, description]) bytes += jsonLength(text)
  bytes += jsonLength(JSON.stringify(attributes)) + optionsBytes
  for (const url of images) bytes += jsonLength(url) + 1
  for (const { alt } of uploaded ?? []) bytes += jsonLength(alt) + uploadedImageBytes
  return bytes
}

type QuoteColumns = 'id' | 'sku' | 'name' | 'category' | 'currency' | 'weight_grams' | 'available'

export type QuoteRow = Pick<ProductRow, QuoteColumns> & {
  readonly price_minor: bigint
  readonly image?: string | null
}

export function quoteFromRow(row: QuoteRow): Quote {
  const { id, sku, name, category, price_minor, currency, weight_grams, available, image } = row
  const price = { minor: price_minor, currency }
  const weightGrams = weight_grams ?? 0
  return { productId: id, sku, name, category, price, weightGrams, available, image: image ?? '' }
}

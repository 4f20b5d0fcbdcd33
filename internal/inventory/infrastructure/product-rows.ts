import type { ListedProduct, Quote } from '../application/products.ts'
import type { ProductId } from '../domain/ids.ts'

export type ProductRow = {
  readonly id: ProductId
  readonly sku: string
  readonly name: string
  readonly category: string
  readonly description: string
  readonly images: readonly string[]
  readonly price_minor: bigint
  readonly currency: string
  readonly version: number
  readonly created_at: Date
  readonly updated_at: Date
  readonly deleted_at: Date | null
  readonly available: number
}

export const catalogueColumns = `p.id, p.sku, p.name, p.category, p.description, p.images, p.price_minor, p.currency,
  p.version, p.created_at, p.updated_at, p.deleted_at`

export const productColumns = `${catalogueColumns}, s.available`

export const liveProducts = `inventory.products p
  join inventory.stock s on s.product_id = p.id and p.deleted_at is null`

export function fromRow(row: ProductRow): ListedProduct {
  const { id, sku, name, category, description, images, version, available } = row
  return {
    available,
    product: {
      ...{ id, sku, name, category, description, images, version },
      price: { minor: row.price_minor, currency: row.currency },
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      deletedAt: row.deleted_at ?? undefined,
    },
  }
}

export type QuoteRow = Pick<ProductRow, 'id' | 'sku' | 'name' | 'price_minor' | 'currency' | 'available'>

export function quoteFromRow({ id, sku, name, price_minor, currency, available }: QuoteRow): Quote {
  return { productId: id, sku, name, price: { minor: price_minor, currency }, available }
}

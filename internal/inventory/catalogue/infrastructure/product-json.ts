import type { ProductSchema } from '../../../gen/inventory/v1/inventory_pb.ts'
import type { Wire } from '../../../platform/wire.ts'
import type { ListedProduct } from '../application/products.ts'

export function productJson({ product, available }: ListedProduct): Wire<typeof ProductSchema> {
  return {
    id: product.id,
    sku: product.sku,
    name: product.name,
    category: product.category,
    ...(product.categoryId !== undefined && { categoryId: product.categoryId }),
    attributes: product.attributes,
    ...(product.membership && { familyId: product.membership.familyId }),
    options: product.membership?.options ?? {},
    description: product.description,
    images: product.images,
    uploadedImages: product.uploaded,
    priceMinor: product.price.minor.toString(),
    currency: product.price.currency,
    ...(product.weightGrams !== undefined && { weightGrams: product.weightGrams }),
    stock: available,
    version: product.version,
    createdAt: product.createdAt.toISOString(),
    updatedAt: product.updatedAt.toISOString(),
  }
}

import type { FamilyMemberSchema, FamilySchema } from '../../../gen/inventory/v1/inventory_pb.ts'
import type { Wire } from '../../../platform/wire.ts'
import type { ListedProduct } from '../application/products.ts'
import type { Family } from '../domain/family.ts'

export function familyJson(family: Family): Wire<typeof FamilySchema> {
  const { id, name, options, version, createdAt, updatedAt } = family
  return {
    ...{ id, name, options, version },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}

export function memberJson({ product, available }: ListedProduct): Wire<typeof FamilyMemberSchema> {
  const { id, sku, name, price, membership } = product
  return {
    ...{ productId: id, sku, name, options: membership?.options ?? {}, stock: available },
    ...{ priceMinor: price.minor.toString(), currency: price.currency },
  }
}

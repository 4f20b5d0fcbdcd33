import type { Brand } from '../../platform/brand.ts'
import { parseUuid } from '../../platform/uuid.ts'

export type ProductId = Brand<string, 'ProductId'>
export type FamilyId = Brand<string, 'FamilyId'>
export type ImageId = Brand<string, 'ImageId'>
export type CategoryId = Brand<string, 'CategoryId'>
/** The order service's id: here it only names a reservation. */
export type OrderId = Brand<string, 'OrderId'>
/** The order service's id of a parcel. */
export type ShipmentId = Brand<string, 'ShipmentId'>

export function parseProductId(value: unknown): ProductId {
  return parseUuid(value, 'product.invalid-id', 'a product id') as ProductId
}

export function parseOrderId(value: unknown): OrderId {
  return parseUuid(value, 'stock.invalid-order-id', 'an order id') as OrderId
}

export function parseShipmentId(value: unknown): ShipmentId {
  return parseUuid(value, 'stock.invalid-shipment-id', 'a shipment id') as ShipmentId
}

export function parseImageId(value: unknown): ImageId {
  return parseUuid(value, 'image.invalid-id', 'an image id') as ImageId
}

export function parseCategoryId(value: unknown): CategoryId {
  return parseUuid(value, 'category.invalid-id', 'a category id') as CategoryId
}

export function parseFamilyId(value: unknown): FamilyId {
  return parseUuid(value, 'family.invalid-id', 'a family id') as FamilyId
}

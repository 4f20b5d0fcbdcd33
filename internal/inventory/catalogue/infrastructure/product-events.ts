import {
  ProductCreatedSchema,
  ProductDeletedSchema,
  ProductUpdatedSchema,
} from '../../../gen/inventory/v1/events_pb.ts'
import type { Facts } from '../../../platform/act.ts'
import type { Trace } from '../../../platform/call.ts'
import { eventType } from '../../../platform/event.ts'
import { outboxEvent, type OutboxEvent } from '../../../platform/outbox.ts'
import type { Product, ProductEvent } from '../domain/product.ts'
import { productJson } from './product-json.ts'

const productCreated = eventType(ProductCreatedSchema)
const productUpdated = eventType(ProductUpdatedSchema)
const productDeleted = eventType(ProductDeletedSchema)

/** `available` is shown in the product. */
export function encodeProductEvent(
  { type, product }: ProductEvent,
  available: number,
  trace: Trace,
): OutboxEvent {
  const aggregate = {
    aggregateType: 'product',
    aggregateId: product.id,
    aggregateVersion: product.version,
    occurredAt: product.updatedAt,
  }
  const whole = { ...aggregate, data: { product: productJson({ product, available }) } }
  switch (type) {
    case 'ProductCreated':
      return outboxEvent(productCreated, whole, trace)
    case 'ProductUpdated':
      return outboxEvent(productUpdated, whole, trace)
    case 'ProductDeleted': {
      const deletedAt = product.updatedAt.toISOString()
      const data = { productId: product.id, sku: product.sku, deletedAt }
      return outboxEvent(productDeleted, { ...aggregate, data }, trace)
    }
  }
}

/** What the log of who did what keeps. */
export const factsOf = ({
  sku,
  name,
  category,
  description,
  images,
  uploaded,
  attributes,
  membership,
  price,
  weightGrams,
}: Product): Facts => ({
  ...{ sku, name, category, attributes, description, images, weightGrams },
  ...membership,
  ...(uploaded.length > 0 && { uploadedImages: uploaded.map(({ id }) => id) }),
  ...{ priceMinor: price.minor, currency: price.currency },
})

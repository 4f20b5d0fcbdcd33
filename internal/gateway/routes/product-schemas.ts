import { Type, type Static } from 'typebox'
import type { ProductSchema } from '../../gen/inventory/v1/inventory_pb.ts'
import { toDecimal } from '../../platform/money.ts'
import { maxWeightGrams } from '../../platform/text.ts'
import type { Wire } from '../../platform/wire.ts'
import { idsPerLookup, images, productText, reasonLength, units } from '../limits.ts'
import { Amount, Currency, named, pageQuery, Time, Uuid } from '../schemas.ts'

export const Product = named(
  'Product',
  Type.Object({
    id: Uuid,
    sku: Type.String(),
    name: Type.String(),
    category: Type.String(),
    description: Type.String(),
    images: Type.Array(Type.String()),
    price: Amount,
    currency: Currency,
    weightGrams: Type.Optional(Type.Integer({ description: 'Of one unit, as it is sent' })),
    stock: Type.Integer({ description: 'Units that can be ordered now' }),
    version: Type.Integer({
      description: 'Counts the changes of the data, not of the stock; it is also the ETag',
    }),
    createdAt: Time,
    updatedAt: Time,
  }),
)

export const StockLevel = named('StockLevel', Type.Object({ id: Uuid, stock: Type.Integer() }))

const Price = Type.Number({ minimum: 0, description: 'With at most the decimals of the currency' })

const fields = {
  name: Type.String({ minLength: 1, maxLength: productText.name }),
  category: Type.String({ minLength: 1, maxLength: productText.category }),
  price: Price,
  sku: Type.String({ minLength: 1, maxLength: productText.sku }),
  description: Type.String({ maxLength: productText.description }),
  images: Type.Array(Type.String({ format: 'uri', pattern: '^https?://', maxLength: images.urlLength }), {
    maxItems: images.perProduct,
  }),
  weightGrams: Type.Integer({
    minimum: 0,
    maximum: maxWeightGrams,
    description: 'Of one unit, as it is sent',
  }),
}

export const CreateProductBody = Type.Object(
  {
    name: fields.name,
    category: fields.category,
    price: fields.price,
    stock: Type.Integer({ minimum: 0, maximum: units }),
    sku: Type.Optional(fields.sku),
    description: Type.Optional(fields.description),
    images: Type.Optional(fields.images),
    weightGrams: Type.Optional(fields.weightGrams),
  },
  { additionalProperties: false },
)

export const UpdateProductBody = Type.Partial(Type.Object(fields), {
  additionalProperties: false,
  minProperties: 1,
})

export const IfMatchHeader = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      description: 'The ETag that the client has seen; the answer is 412 when the product has changed since',
    }),
  ),
})

export const ListProductsQuery = Type.Object(
  {
    category: Type.Optional(
      Type.String({ maxLength: productText.category, description: 'In upper or lower case' }),
    ),
    q: Type.Optional(
      Type.String({
        maxLength: productText.search,
        description: 'Words, each of which is a part of the name, the sku or the description',
      }),
    ),
    minPrice: Type.Optional(Price),
    maxPrice: Type.Optional(Price),
    inStock: Type.Optional(Type.Boolean()),
    sort: Type.Optional(Type.Enum(['newest', 'name', 'price', '-price'], { default: 'newest' })),
    ...pageQuery,
  },
  { additionalProperties: false },
)

export const StockQueryBody = Type.Object(
  { ids: Type.Array(Uuid, { minItems: 1, maxItems: idsPerLookup }) },
  { additionalProperties: false },
)

export const AdjustStockBody = Type.Object(
  {
    quantity: Type.Integer({ minimum: -units, maximum: units, description: 'Signed units, not 0' }),
    reason: Type.String({ minLength: 1, maxLength: reasonLength }),
  },
  { additionalProperties: false },
)

export function productBody(product: Wire<typeof ProductSchema>): Static<typeof Product> {
  return {
    id: product.id,
    sku: product.sku,
    name: product.name,
    category: product.category,
    description: product.description,
    images: [...product.images],
    price: toDecimal(BigInt(product.priceMinor), product.currency),
    currency: product.currency,
    ...(product.weightGrams !== undefined && { weightGrams: product.weightGrams }),
    stock: product.stock,
    version: product.version,
    createdAt: product.createdAt,
    updatedAt: product.updatedAt,
  }
}

import { Type, type Static } from 'typebox'
import type { ProductSchema, UploadedImageSchema } from '../../gen/inventory/v1/inventory_pb.ts'
import { toDecimal } from '../../platform/money.ts'
import { maxWeightGrams } from '../../platform/text.ts'
import type { Wire } from '../../platform/wire.ts'
import { attributes, families, idsPerLookup, images, productText, reasonLength, units } from '../limits.ts'
import { categoryNames } from '../../platform/category-path.ts'
import { imagePath } from '../../platform/image-files.ts'
import { Amount, Currency, named, Time, Uuid } from '../schemas.ts'
import { optionsBody } from './family-options.ts'

const Attributes = Type.Unsafe<Record<string, string | number | boolean>>({
  type: 'object',
  maxProperties: attributes.perProduct,
  additionalProperties: { type: ['string', 'number', 'boolean'], maxLength: attributes.valueLength },
  description: 'What it says of itself, by the attributes of its category, such as {"material": "steel"}',
})

const Options = Type.Unsafe<Record<string, string>>({
  type: 'object',
  maxProperties: families.options,
  additionalProperties: { type: 'string', maxLength: attributes.valueLength },
  description: 'By which it differs from the others of its family, such as {"size": "M"}',
})

export const Product = named(
  'Product',
  Type.Object({
    id: Uuid,
    sku: Type.String(),
    name: Type.String(),
    category: Type.String({ description: 'The path of its category, such as kitchen/teapots' }),
    categoryPath: Type.Array(Type.String(), { description: 'The same, name by name from the root on' }),
    attributes: Type.Optional(Attributes),
    familyId: Type.Optional(Uuid),
    options: Type.Optional(Options),
    description: Type.String(),
    images: Type.Array(
      Type.Object({
        id: Type.Optional(Uuid),
        url: Type.String({ description: 'Of an uploaded image a path of this API' }),
        alt: Type.Optional(Type.String()),
        width: Type.Optional(Type.Integer()),
        height: Type.Optional(Type.Integer()),
        presets: Type.Optional(
          Type.Object({ thumb: Type.String(), card: Type.String(), page: Type.String() }),
        ),
      }),
      {
        description:
          'Uploaded ones first, then addresses that were given from outside, which have a url only',
      },
    ),
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
  category: Type.String({
    minLength: 1,
    maxLength: productText.category,
    description: 'A path, such as kitchen/teapots. What is missing of it is made',
  }),
  price: Price,
  sku: Type.String({ minLength: 1, maxLength: productText.sku }),
  description: Type.String({ maxLength: productText.description }),
  images: Type.Array(
    Type.String({ format: 'uri-reference', pattern: '^(https?://|/(?!/))', maxLength: images.urlLength }),
    {
      maxItems: images.perProduct,
      description: 'Addresses of https or http, or paths of the origin where the API is',
    },
  ),
  attributes: Attributes,
  options: Options,
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
    attributes: Type.Optional(fields.attributes),
    familyId: Type.Optional(Uuid),
    options: Type.Optional(fields.options),
    weightGrams: Type.Optional(fields.weightGrams),
  },
  { additionalProperties: false },
)

const FamilyIdOrNull = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  format: 'uuid',
  description: 'null takes it out of its family',
})

export const UpdateProductBody = Type.Partial(Type.Object({ ...fields, familyId: FamilyIdOrNull }), {
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
    categoryPath: [...categoryNames(product.category)],
    ...(product.familyId !== undefined && {
      familyId: product.familyId,
      options: optionsBody(product.options ?? {}),
    }),
    ...(hasAttributes(product) && { attributes: product.attributes }),
    description: product.description,
    images: [...uploadedOf(product).map(imageBody), ...product.images.map((url) => ({ url }))],
    price: toDecimal(BigInt(product.priceMinor), product.currency),
    currency: product.currency,
    ...(product.weightGrams !== undefined && { weightGrams: product.weightGrams }),
    stock: product.stock,
    version: product.version,
    createdAt: product.createdAt,
    updatedAt: product.updatedAt,
  }
}

type WithAttributes = { readonly attributes: Record<string, string | number | boolean> }

/** The service stores no other values. One of an earlier version knows of none. */
const hasAttributes = (product: Wire<typeof ProductSchema>): product is typeof product & WithAttributes =>
  Object.keys(product.attributes ?? {}).length > 0

/** An inventory service of an earlier version leaves them out. */
const uploadedOf = ({ uploadedImages }: Partial<Pick<Wire<typeof ProductSchema>, 'uploadedImages'>>) =>
  uploadedImages ?? []

function imageBody({ id, alt, width, height }: Wire<typeof UploadedImageSchema>) {
  const [thumb, card, page] = [imagePath(id, 'thumb'), imagePath(id, 'card'), imagePath(id, 'page')]
  return { id, url: page, ...(alt === '' ? {} : { alt }), width, height, presets: { thumb, card, page } }
}

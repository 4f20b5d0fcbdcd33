import { Type, type Static } from 'typebox'
import type { FamilySchema, GetFamilyResponseSchema } from '../../gen/inventory/v1/inventory_pb.ts'
import { toDecimal } from '../../platform/money.ts'
import type { Wire } from '../../platform/wire.ts'
import { attributeName, families, productText } from '../limits.ts'
import { optionsBody } from './family-options.ts'
import { Amount, Currency, named, Time, Uuid } from '../schemas.ts'

const Name = Type.String({ minLength: 1, maxLength: productText.name })
const Options = Type.Array(Type.String({ pattern: attributeName }), {
  minItems: 1,
  maxItems: families.options,
  uniqueItems: true,
  description: 'By what its products differ, such as size. They stay as they are',
})

export const Family = named(
  'Family',
  Type.Object({
    id: Uuid,
    name: Type.String(),
    options: Type.Array(Type.String()),
    version: Type.Integer({ description: 'It is also the ETag' }),
    createdAt: Time,
    updatedAt: Time,
  }),
)

export const NewFamily = Type.Object({ name: Name, options: Options }, { additionalProperties: false })

export const FamilyPatch = Type.Object({ name: Name }, { additionalProperties: false })

export const FamilyWithProducts = Type.Object({
  ...Family.properties,
  values: Type.Array(Type.Object({ option: Type.String(), values: Type.Array(Type.String()) }), {
    description: 'What products have of each option, in the order in which they came',
  }),
  products: Type.Array(
    Type.Object({
      id: Uuid,
      sku: Type.String(),
      name: Type.String(),
      options: Type.Record(Type.String(), Type.String()),
      price: Amount,
      currency: Currency,
      stock: Type.Integer({ description: 'Units that can be ordered now' }),
      available: Type.Boolean(),
    }),
  ),
})

export function familyBody(family: Wire<typeof FamilySchema>): Static<typeof Family> {
  const { id, name, options, version, createdAt, updatedAt } = family
  return { id, name, options: [...options], version, createdAt, updatedAt }
}

export function familyWithProducts({
  family,
  members,
}: Wire<typeof GetFamilyResponseSchema>): Static<typeof FamilyWithProducts> {
  const products = members.map(({ productId, priceMinor, options, ...member }) => ({
    ...{ ...member, id: productId, options: optionsBody(options) },
    price: toDecimal(BigInt(priceMinor), member.currency),
    available: member.stock > 0,
  }))
  const values = family.options.map((option) => ({
    option,
    values: [...new Set(products.flatMap(({ options }) => options[option] ?? []))],
  }))
  return { ...familyBody(family), values, products }
}

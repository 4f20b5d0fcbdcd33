import { Type, type Static, type TSchema } from 'typebox'
import type { PromotionSchema, ShippingMethodSchema, TaxRateSchema } from '../../gen/pricing/v1/pricing_pb.ts'
import { toDecimal } from '../../platform/money.ts'
import { ruleLimits } from '../../platform/rule-limits.ts'
import { textLengths } from '../../platform/text.ts'
import type { Wire } from '../../platform/wire.ts'
import { Currency, named, Time, Uuid } from '../schemas.ts'

const kept = {
  id: Uuid,
  version: Type.Integer({ description: 'It is also the ETag' }),
  createdAt: Time,
  updatedAt: Time,
}
const AmountIn = Type.Number({ minimum: 0, description: 'With at most the decimals of the currency' })
const Country = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' })
const Count = Type.Integer({ minimum: 1, maximum: ruleLimits.count })
const Moment = Type.String({ format: 'date-time', maxLength: 50 })
const lineOf = (maxLength: number, description?: string) =>
  Type.String({ minLength: 1, maxLength, ...(description !== undefined && { description }) })

/** In a change, null removes what is there. */
const orNull = <Schema extends TSchema & { readonly type: string }>(schema: Schema) =>
  Type.Optional(Type.Unsafe<Static<Schema> | null>({ ...schema, type: [schema.type, 'null'] }))

const closed = { additionalProperties: false }
const patch = { ...closed, minProperties: 1 }

const methodFields = {
  name: lineOf(textLengths.ruleName),
  countries: Type.Array(Country, { maxItems: ruleLimits.countries, description: 'None: every country' }),
  price: AmountIn,
}
const methodOptions = {
  perKilogram: Type.Number({ minimum: 0, description: 'Added for each kilogram, exactly for the weight' }),
  freeFrom: Type.Number({
    minimum: 0,
    description: 'Goods of this amount, less discounts, are sent for nothing',
  }),
  estimate: lineOf(textLengths.ruleName, 'How long it takes, in words'),
}

export const ShippingMethod = named(
  'ShippingMethod',
  Type.Object({ ...kept, ...methodFields, currency: Currency, ...optional(methodOptions) }),
)
export const NewShippingMethod = Type.Object(
  { ...methodFields, countries: Type.Optional(methodFields.countries), ...optional(methodOptions) },
  closed,
)
export const ShippingMethodPatch = Type.Object(
  {
    ...optional(methodFields),
    perKilogram: orNull(methodOptions.perKilogram),
    freeFrom: orNull(methodOptions.freeFrom),
    estimate: orNull(methodOptions.estimate),
  },
  patch,
)

const Percent = Type.Number({ minimum: 0, maximum: 100, description: 'With at most four decimals' })
const rateOptions = {
  region: lineOf(textLengths.region, 'Without it the rate is for the whole country'),
  category: lineOf(
    textLengths.categoryPath,
    'Of products; `shipping` for shipping. Without it the rate is for everything else',
  ),
}

export const TaxRate = named(
  'TaxRate',
  Type.Object({ ...kept, country: Country, percent: Percent, ...optional(rateOptions) }),
)
export const NewTaxRate = Type.Object(
  { country: Country, percent: Percent, ...optional(rateOptions) },
  closed,
)
export const TaxRatePatch = Type.Object(
  {
    ...optional({ country: Country, percent: Percent }),
    region: orNull(rateOptions.region),
    category: orNull(rateOptions.category),
  },
  patch,
)

const Kind = Type.Enum(['percent', 'amount', 'free-shipping'])
const Value = Type.Number({ minimum: 0, description: 'A percentage or an amount; none for free shipping' })
const targets = {
  products: Type.Array(Uuid, { maxItems: ruleLimits.targets }),
  categories: Type.Array(lineOf(textLengths.categoryPath), { maxItems: ruleLimits.targets }),
}
const promotionOptions = {
  code: Type.String({
    pattern: '^[\\p{L}\\p{N}._-]+$',
    maxLength: textLengths.promotionCode,
    description: 'In upper or lower case. Without one, the promotion applies by itself',
  }),
  description: lineOf(textLengths.ruleDescription, 'What customers read'),
  minimum: Type.Number({
    minimum: 0,
    description: 'The least amount of the goods that it is for, before discounts',
  }),
  from: Moment,
  to: Moment,
  limit: Count,
  limitPerCustomer: Count,
}

export const Promotion = named(
  'Promotion',
  Type.Object({
    ...kept,
    ...{ kind: Kind, value: Type.Optional(Value), ...targets, currency: Currency },
    ...optional(promotionOptions),
    description: promotionOptions.description,
    redeemed: Type.Integer({ description: 'Redemptions that are held or used' }),
  }),
)
export const NewPromotion = Type.Object(
  { kind: Kind, ...optional({ value: Value, ...targets, ...promotionOptions }) },
  closed,
)
export const PromotionPatch = Type.Object(
  {
    ...optional({ kind: Kind, value: Value, ...targets }),
    code: orNull(promotionOptions.code),
    description: orNull(promotionOptions.description),
    minimum: orNull(promotionOptions.minimum),
    from: orNull(Moment),
    to: orNull(Moment),
    limit: orNull(Count),
    limitPerCustomer: orNull(Count),
  },
  patch,
)

function optional<Fields extends Readonly<Record<string, TSchema>>>(fields: Fields) {
  return Type.Partial(Type.Object(fields)).properties
}

const ppmPerPercent = 10_000

/** A message from the service has no field that is undefined; its type cannot say so. */
type Loose<Body> = { readonly [Name in keyof Body]: Body[Name] | undefined }
const exact = <Body>(body: Loose<Body>): Body => body as Body

const decimalOf = (minor: string, currency: string): number => toDecimal(BigInt(minor), currency)

export function shippingMethodBody(method: Wire<typeof ShippingMethodSchema>): Static<typeof ShippingMethod> {
  const { countries, priceMinor, perKilogramMinor, freeFromMinor, currency, ...rest } = method
  return exact<Static<typeof ShippingMethod>>({
    ...rest,
    ...{ currency, countries: [...countries], price: decimalOf(priceMinor, currency) },
    ...(perKilogramMinor !== undefined && { perKilogram: decimalOf(perKilogramMinor, currency) }),
    ...(freeFromMinor !== undefined && { freeFrom: decimalOf(freeFromMinor, currency) }),
  })
}

export function taxRateBody({ ratePpm, ...rest }: Wire<typeof TaxRateSchema>): Static<typeof TaxRate> {
  return exact<Static<typeof TaxRate>>({ ...rest, percent: ratePpm / ppmPerPercent })
}

export function promotionBody(promotion: Wire<typeof PromotionSchema>): Static<typeof Promotion> {
  const { kind, percentPpm, amountMinor, minimumMinor, products, categories, currency, ...rest } = promotion
  return exact<Static<typeof Promotion>>({
    ...rest,
    kind: kind as Static<typeof Kind>, // the service knows no others
    ...(percentPpm !== undefined && { value: percentPpm / ppmPerPercent }),
    ...(amountMinor !== undefined && { value: decimalOf(amountMinor, currency) }),
    ...(minimumMinor !== undefined && { minimum: decimalOf(minimumMinor, currency) }),
    ...{ products: [...products], categories: [...categories], currency },
  })
}

import {
  keyOf,
  type Benefit,
  type Kept,
  type Promotion,
  type PromotionId,
  type ShippingMethod,
  type ShippingMethodId,
  type TaxRate,
  type TaxRateId,
} from '../domain/rules.ts'

// Stored values went through the domain's parsers, so they are trusted. Null stands for undefined.

type KeptRow = Omit<Kept<string>, 'deletedAt'> & { readonly deletedAt: Date | null }

const keptRow = ({ id, version, createdAt, updatedAt, deletedAt }: Kept<string>): KeptRow => ({
  ...{ id, version, createdAt, updatedAt },
  deletedAt: deletedAt ?? null,
})

const keptOf = <Id extends string>({ id, version, createdAt, updatedAt, deletedAt }: KeptRow): Kept<Id> => ({
  ...{ id: id as Id, version, createdAt, updatedAt },
  deletedAt: deletedAt ?? undefined,
})

export type ShippingMethodRow = KeptRow & {
  readonly name: string
  readonly countries: string[]
  readonly currency: string
  readonly priceMinor: bigint
  readonly perKilogramMinor: bigint | null
  readonly freeFromMinor: bigint | null
  readonly estimate: string | null
}

export const shippingMethodRow = (method: ShippingMethod): ShippingMethodRow => ({
  ...keptRow(method),
  name: method.name,
  countries: [...method.countries],
  currency: method.currency,
  priceMinor: method.priceMinor,
  perKilogramMinor: method.perKilogramMinor ?? null,
  freeFromMinor: method.freeFromMinor ?? null,
  estimate: method.estimate ?? null,
})

export const shippingMethodOf = (row: ShippingMethodRow): ShippingMethod => ({
  ...keptOf<ShippingMethodId>(row),
  name: row.name,
  countries: row.countries,
  currency: row.currency,
  priceMinor: row.priceMinor,
  perKilogramMinor: row.perKilogramMinor ?? undefined,
  freeFromMinor: row.freeFromMinor ?? undefined,
  estimate: row.estimate ?? undefined,
})

export type TaxRateRow = KeptRow & {
  readonly country: string
  readonly region: string | null
  readonly category: string | null
  readonly regionKey: string
  readonly categoryKey: string
  readonly ratePpm: number
}

export const taxRateRow = (rate: TaxRate): TaxRateRow => ({
  ...keptRow(rate),
  country: rate.country,
  region: rate.region ?? null,
  category: rate.category ?? null,
  regionKey: keyOf(rate.region ?? ''),
  categoryKey: keyOf(rate.category ?? ''),
  ratePpm: rate.ratePpm,
})

export const taxRateOf = (row: TaxRateRow): TaxRate => ({
  ...keptOf<TaxRateId>(row),
  country: row.country,
  region: row.region ?? undefined,
  category: row.category ?? undefined,
  ratePpm: row.ratePpm,
})

export type PromotionRow = KeptRow & {
  readonly code: string | null
  readonly codeKey: string | null
  readonly description: string
  readonly kind: string
  readonly percentPpm: number | null
  readonly amountMinor: bigint | null
  readonly currency: string
  readonly products: string[]
  readonly categories: string[]
  readonly minimumMinor: bigint | null
  readonly startsAt: Date | null
  readonly endsAt: Date | null
  readonly redemptionLimit: number | null
  readonly customerLimit: number | null
  readonly redeemed: number
}

export const promotionRow = (promotion: Promotion): PromotionRow => ({
  ...keptRow(promotion),
  code: promotion.code ?? null,
  codeKey: promotion.code === undefined ? null : keyOf(promotion.code),
  description: promotion.description,
  kind: promotion.benefit.kind,
  percentPpm: promotion.benefit.kind === 'percent' ? promotion.benefit.ppm : null,
  amountMinor: promotion.benefit.kind === 'amount' ? promotion.benefit.minor : null,
  currency: promotion.currency,
  products: [...promotion.products],
  categories: [...promotion.categories],
  minimumMinor: promotion.minimumMinor ?? null,
  startsAt: promotion.from ?? null,
  endsAt: promotion.to ?? null,
  redemptionLimit: promotion.limit ?? null,
  customerLimit: promotion.limitPerCustomer ?? null,
  redeemed: promotion.redeemed,
})

export const promotionOf = (row: PromotionRow): Promotion => ({
  ...keptOf<PromotionId>(row),
  code: row.code ?? undefined,
  description: row.description,
  benefit: benefitOf(row),
  currency: row.currency,
  products: row.products,
  categories: row.categories,
  minimumMinor: row.minimumMinor ?? undefined,
  from: row.startsAt ?? undefined,
  to: row.endsAt ?? undefined,
  limit: row.redemptionLimit ?? undefined,
  limitPerCustomer: row.customerLimit ?? undefined,
  redeemed: row.redeemed,
})

/** A constraint of the table says that the kind has its value. */
function benefitOf({ kind, percentPpm, amountMinor }: PromotionRow): Benefit {
  if (percentPpm !== null) return { kind: 'percent', ppm: percentPpm }
  if (amountMinor !== null) return { kind: 'amount', minor: amountMinor }
  if (kind === 'free-shipping') return { kind }
  throw new Error(`a promotion of the kind ${kind} has no value`)
}

import { toDecimal } from '../../platform/money.ts'
import { Refusal } from '../../platform/refusal.ts'
import { textLengths } from '../../platform/text.ts'
import { parseAmount, parseCount, parseLine, patched, requireVersion, type Patch } from './fields.ts'
import { parseBenefit, parseCategories, parseCode, parseMoment, parseProducts } from './promotion-fields.ts'
import type { Benefit, Promotion, PromotionId } from './rules.ts'

/** Amounts and percentages are decimal, moments RFC 3339. */
export type PromotionInput = {
  readonly kind: string
  readonly value?: string | undefined
  readonly products: readonly string[]
  readonly categories: readonly string[]
} & Pick<PromotionPatch, OptionalField>

type OptionalField = 'code' | 'description' | 'minimum' | 'from' | 'to' | 'limit' | 'limitPerCustomer'

export type PromotionPatch = {
  readonly kind?: string | undefined
  readonly value?: string | undefined
  readonly products?: readonly string[] | undefined
  readonly categories?: readonly string[] | undefined
  readonly code?: Patch<string>
  /** Null: made from what it gives. */
  readonly description?: Patch<string>
  readonly minimum?: Patch<string>
  readonly from?: Patch<string>
  readonly to?: Patch<string>
  readonly limit?: Patch<number>
  readonly limitPerCustomer?: Patch<number>
}

/** Its amounts are in the shop's currency, and it keeps that. */
export function createPromotion(
  id: PromotionId,
  input: PromotionInput,
  currency: string,
  at: Date,
): Promotion {
  const bare: Promotion = {
    ...{ id, currency, version: 1, createdAt: at, updatedAt: at, deletedAt: undefined, redeemed: 0 },
    ...{ code: undefined, description: '', benefit: { kind: 'free-shipping' }, products: [], categories: [] },
    ...{
      minimumMinor: undefined,
      from: undefined,
      to: undefined,
      limit: undefined,
      limitPerCustomer: undefined,
    },
  }
  return applyPatch(bare, { ...input, description: input.description ?? null })
}

/** Orders keep what it was when they were placed. */
export function updatePromotion(
  promotion: Promotion,
  patch: PromotionPatch,
  expectedVersion: number | undefined,
  at: Date,
): Promotion {
  requireVersion(promotion, expectedVersion, mismatch)
  return { ...applyPatch(promotion, patch), version: promotion.version + 1, updatedAt: at }
}

export function deletePromotion(
  promotion: Promotion,
  expectedVersion: number | undefined,
  at: Date,
): Promotion {
  requireVersion(promotion, expectedVersion, mismatch)
  return { ...promotion, version: promotion.version + 1, updatedAt: at, deletedAt: at }
}

export const promotionNotFound = (): Refusal =>
  new Refusal('not-found', 'promotion.not-found', 'there is no such promotion')

export const codeTaken = (): Refusal =>
  new Refusal('conflict', 'promotion.code-taken', 'another promotion has this code')

function applyPatch(promotion: Promotion, patch: PromotionPatch): Promotion {
  const { currency } = promotion
  const benefit = parseBenefit(wrong, promotion.benefit, patch, currency)
  const next: Promotion = {
    ...promotion,
    benefit,
    code: patched(patch.code, promotion.code, (code) => parseCode(wrong, code)),
    description: describe(promotion, patch.description, benefit),
    products: patch.products === undefined ? promotion.products : parseProducts(wrong, patch.products),
    categories:
      patch.categories === undefined ? promotion.categories : parseCategories(wrong, patch.categories),
    minimumMinor: patched(patch.minimum, promotion.minimumMinor, (amount) =>
      parseAmount(wrong, 'minimum', amount, currency),
    ),
    from: patched(patch.from, promotion.from, (text) => parseMoment(wrong, 'from', text)),
    to: patched(patch.to, promotion.to, (text) => parseMoment(wrong, 'to', text)),
    limit: patched(patch.limit, promotion.limit, (count) => parseCount(wrong, 'limit', count)),
    limitPerCustomer: patched(patch.limitPerCustomer, promotion.limitPerCustomer, (count) =>
      parseCount(wrong, 'limitPerCustomer', count),
    ),
  }
  if (next.from && next.to && next.from >= next.to) throw wrong('to', 'to must be after from')
  if (next.limit !== undefined && next.limit < next.redeemed) throw limitBelowUse(next.redeemed)
  return next
}

/** What was made from the benefit is made again when the benefit changes. */
function describe(promotion: Promotion, given: Patch<string>, benefit: Benefit): string {
  const { description, currency } = promotion
  if (given === null) return wordsFor(benefit, currency)
  if (given !== undefined) return parseLine(wrong, 'description', given, textLengths.ruleDescription)
  return description === wordsFor(promotion.benefit, currency) ? wordsFor(benefit, currency) : description
}

function wordsFor(benefit: Benefit, currency: string): string {
  switch (benefit.kind) {
    case 'percent':
      return `${benefit.ppm / 10_000} % off`
    case 'amount':
      return `${toDecimal(benefit.minor, currency)} ${currency} off`
    case 'free-shipping':
      return 'free shipping'
  }
}

const limitBelowUse = (redeemed: number): Refusal =>
  new Refusal('conflict', 'promotion.limit-below-use', 'it has been redeemed more often than that', {
    redeemed,
  })

const wrong = (field: string, message: string): Refusal =>
  new Refusal('invalid', 'promotion.invalid', message, { field })

const mismatch = (details: Readonly<Record<string, number>>): Refusal =>
  new Refusal('conflict', 'promotion.version-mismatch', 'the promotion has changed meanwhile', details)

import { lineAmount, sumOf, type QuoteLine, type QuoteRequest } from './quote-request.ts'
import { keyOf, type Promotion, type PromotionId } from './rules.ts'

export type RefusalReason =
  | 'unknown'
  | 'not-started'
  | 'ended'
  | 'other-currency'
  | 'no-matching-items'
  | 'below-minimum'
  | 'used-up'
  | 'used-up-by-customer'

export type RefusedCode = { readonly code: string; readonly reason: RefusalReason }

/** How often the customer holds or has used promotions. Undefined: nobody knows who the customer is. */
export type CustomerUse = ReadonlyMap<PromotionId, number> | undefined

export type Chosen = {
  /** In the order in which they are applied. */
  readonly promotions: readonly Promotion[]
  readonly refusedCodes: readonly RefusedCode[]
}

/**
 * All promotions that apply: those without a code, and those whose codes were given. A code that does not apply is told
 * with its reason. Percentages come first, so that they are of the whole price, then amounts, each kind by age.
 */
export function choosePromotions(
  promotions: readonly Promotion[],
  request: QuoteRequest,
  use: CustomerUse,
  at: Date,
): Chosen {
  const byCode = new Map(promotions.flatMap((promotion) => codeEntry(promotion)))
  const asked = new Map(request.codes.map((code) => [keyOf(code), code]))
  const given = [...asked].map(([key, code]) => ({ code, promotion: byCode.get(key) }))
  const judged = given.map(({ code, promotion }) => ({
    code,
    promotion,
    reason: promotion === undefined ? 'unknown' : whyNot(promotion, request, use, at),
  }))
  const automatic = promotions.filter(
    (promotion) => promotion.code === undefined && whyNot(promotion, request, use, at) === undefined,
  )
  const coded = judged.flatMap(({ promotion, reason }) =>
    promotion && reason === undefined ? [promotion] : [],
  )
  return {
    promotions: [...automatic, ...coded].sort(compare),
    refusedCodes: judged.flatMap(({ code, reason }) => (reason === undefined ? [] : [{ code, reason }])),
  }
}

const codeEntry = (promotion: Promotion): readonly (readonly [string, Promotion])[] =>
  promotion.code === undefined ? [] : [[keyOf(promotion.code), promotion]]

const kinds = ['percent', 'amount', 'free-shipping']

const compare = (a: Promotion, b: Promotion): number =>
  kinds.indexOf(a.benefit.kind) - kinds.indexOf(b.benefit.kind) || (a.id < b.id ? -1 : 1)

/** The lines that the promotion is for. */
export function matchingLines(
  { products, categories }: Promotion,
  lines: readonly QuoteLine[],
): readonly QuoteLine[] {
  if (products.length === 0 && categories.length === 0) return lines
  const wanted = new Set(categories.map(keyOf))
  return lines.filter(
    (line) => products.includes(line.productId) || line.categories.some((category) => wanted.has(category)),
  )
}

/** The reason why it does not apply; undefined when it does. */
function whyNot(
  promotion: Promotion,
  { lines, currency }: QuoteRequest,
  use: CustomerUse,
  at: Date,
): RefusalReason | undefined {
  const { id, from, to, minimumMinor, limit, limitPerCustomer, redeemed } = promotion
  if (from && at < from) return 'not-started'
  if (to && at >= to) return 'ended'
  if (needsCurrency(promotion) && promotion.currency !== currency) return 'other-currency'
  if (limit !== undefined && redeemed >= limit) return 'used-up'
  if (limitPerCustomer !== undefined && use && (use.get(id) ?? 0) >= limitPerCustomer)
    return 'used-up-by-customer'
  const matching = matchingLines(promotion, lines)
  if (matching.length === 0) return 'no-matching-items'
  if (minimumMinor !== undefined && sumOf(matching.map(lineAmount)) < minimumMinor) return 'below-minimum'
  return undefined
}

/** Only amounts of money have a currency. */
const needsCurrency = ({ benefit, minimumMinor }: Promotion): boolean =>
  benefit.kind === 'amount' || minimumMinor !== undefined

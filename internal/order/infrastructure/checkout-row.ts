import type { Address, Buyer, FirstPayment, LineTerms, ShippingTerms, Terms } from '../domain/terms.ts'
import type { Order } from '../domain/order.ts'

// What a checkout has frozen, as it is stored: JSON, in which amounts are texts and what is undefined is left out.

type Stored<Thing> = {
  readonly [Key in keyof Thing]: Thing[Key] extends bigint
    ? string
    : Thing[Key] extends readonly (infer Item)[]
      ? readonly (Item extends Record<string, unknown> ? Stored<Item> : Item)[]
      : Thing[Key]
}

type TermsRow = Omit<Stored<Terms>, 'shipping'> & { readonly shipping: Stored<ShippingTerms> }
type BuyerRow = { readonly email: string; readonly delivery: Address; readonly billing?: Address }

export type CheckoutRow = {
  readonly terms: TermsRow
  readonly buyer: BuyerRow
  readonly payment: FirstPayment | null
  readonly awaiting: boolean
}

export function checkoutFrom({
  terms,
  buyer,
  payment,
  awaiting,
}: CheckoutRow): Pick<Order, 'terms' | 'buyer' | 'firstPayment' | 'awaitingCart'> {
  return {
    terms: termsFrom(terms),
    buyer: { ...buyer, billing: buyer.billing },
    firstPayment: payment ?? undefined,
    awaitingCart: awaiting,
  }
}

function termsFrom(row: TermsRow): Terms {
  return {
    ...row,
    cart: row.cart,
    lines: row.lines.map((line): LineTerms => ({ ...line, ...taxFrom(line), ...discountFrom(line) })),
    shipping: {
      ...row.shipping,
      ...{ ...taxFrom(row.shipping), ...discountFrom(row.shipping) },
      priceMinor: BigInt(row.shipping.priceMinor),
    },
    discountMinor: BigInt(row.discountMinor),
    taxMinor: BigInt(row.taxMinor),
    taxLines: row.taxLines.map((line) => ({
      ...line,
      netMinor: BigInt(line.netMinor),
      taxMinor: BigInt(line.taxMinor),
    })),
    promotions: row.promotions.map((used) => ({
      ...used,
      amountMinor: BigInt(used.amountMinor),
    })),
  }
}

type TaxedRow = { readonly taxMinor: string; readonly taxRatePpm?: number | undefined }
const taxFrom = ({ taxMinor, taxRatePpm }: TaxedRow) => ({ taxMinor: BigInt(taxMinor), taxRatePpm })
const discountFrom = ({ discountMinor }: { readonly discountMinor: string }) => ({
  discountMinor: BigInt(discountMinor),
})

export const termsJson = (terms: Terms | undefined): string | null =>
  terms
    ? JSON.stringify(terms, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    : null

export const buyerJson = (buyer: Buyer | undefined): string | null => (buyer ? JSON.stringify(buyer) : null)

export const firstPaymentJson = (payment: FirstPayment | undefined): string | null =>
  payment ? JSON.stringify(payment) : null

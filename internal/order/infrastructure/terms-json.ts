import type { TermsSchema } from '../../gen/order/v1/order_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Terms } from '../domain/terms.ts'

/** What was frozen, as far as it concerns others. */
export function bareTermsJson(terms: Terms): Wire<typeof TermsSchema> {
  const { cart, discountMinor, shipping, taxMinor, isTaxIncluded, taxLines, promotions, paysOffline } = terms
  return {
    ...{ cartId: cart.id, cartVersion: cart.version, discountMinor: String(discountMinor) },
    ...{ shippingMinor: String(shipping.priceMinor), shippingMethod: shipping.name },
    ...{ taxMinor: String(taxMinor), taxIncluded: isTaxIncluded },
    ...(paysOffline ? { paysOffline } : {}),
    taxLines: taxLines.map(({ ratePpm, netMinor, taxMinor: tax }) => {
      return { ratePpm, netMinor: String(netMinor), taxMinor: String(tax) }
    }),
    promotions: promotions.map(({ code, description, amountMinor }) => {
      return { code, description, amountMinor: String(amountMinor) }
    }),
  }
}

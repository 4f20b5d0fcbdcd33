import type { PricingService } from '../../gen/pricing/v1/pricing_pb.ts'
import { systemCall } from '../../platform/call.ts'
import { pathsAbove } from '../../platform/category-path.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Pricing, WantedQuote } from '../application/ports.ts'

/** Asks the pricing service what the lines cost together. */
export function quotePricing(pricing: Pick<Handlers<typeof PricingService>, 'quote'>): Pricing {
  return {
    async quote({ cart, currency, lines }) {
      const answer = await pricing.quote(
        {
          lines: lines.map(({ lineId, productId, category, weightGrams, product, quantity }) => ({
            lineId,
            productId,
            category,
            weightGrams,
            quantity,
            categoryPath: [...pathsAbove(category)],
            unitPriceMinor: String(product.priceMinor),
          })),
          currency,
          destination: destinationOf(cart),
          shippingMethodId: cart.delivery?.shippingMethod,
          promotionCodes: [...cart.promotionCodes],
          customerKey: cart.userId,
          fresh: false,
        },
        systemCall(''),
      )
      const { totals, promotions, shippingMethods, refusedCodes, shipping } = answer
      return {
        totals: {
          itemsMinor: BigInt(totals.itemsMinor),
          discountMinor: BigInt(totals.discountMinor),
          shippingMinor: BigInt(totals.shippingMinor),
          taxMinor: BigInt(totals.taxMinor),
          totalMinor: BigInt(totals.totalMinor),
        },
        promotions: promotions.map(({ code, description, amountMinor }) => {
          return { code, description, amountMinor: BigInt(amountMinor) }
        }),
        shippingMethods: shippingMethods.map(({ id, name, priceMinor, estimate = '' }) => {
          return { id, name, priceMinor: BigInt(priceMinor), estimate }
        }),
        refusedCodes,
        isShippingRefused: shipping.refused,
      }
    },
  }
}

function destinationOf({ delivery }: WantedQuote['cart']) {
  const { country = '', region = '', postalCode = '' } = delivery?.address ?? {}
  return { country, region, postalCode }
}

import type { PricingService, QuoteResponseSchema } from '../../gen/pricing/v1/pricing_pb.ts'
import { systemCall } from '../../platform/call.ts'
import { pathsAbove } from '../../platform/category-path.ts'
import { failpoint } from '../../platform/failpoint.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Hold, Price, Prices } from '../application/prices.ts'
import type { PromotionId } from '../domain/terms.ts'

export type PricingCalls = Pick<
  Handlers<typeof PricingService>,
  'quote' | 'reserveRedemptions' | 'releaseRedemptions' | 'confirmRedemptions'
>

export function pricingPrices(pricing: PricingCalls): Prices {
  return {
    async quote({ lines, currency, destination, shippingMethod, promotionCodes, customerKey }) {
      const { country, region, postalCode } = destination
      const answer = await pricing.quote(
        {
          lines: lines.map(({ lineId, quantity, product }) => ({
            ...{ lineId, quantity, productId: product.productId, category: product.category },
            ...{ categoryPath: [...pathsAbove(product.category)], weightGrams: product.weightGrams },
            unitPriceMinor: String(product.unitPriceMinor),
          })),
          destination: { country, region, postalCode },
          ...{ currency, shippingMethodId: shippingMethod, customerKey, fresh: true },
          promotionCodes: [...promotionCodes],
        },
        systemCall(''),
      )
      return priceFrom(answer)
    },
    async reserve(wanted) {
      const requests = wanted.map(({ orderId, holdNo: hold, customerKey, promotionIds }) => {
        return { orderId, hold, customerKey, promotionIds: [...promotionIds] }
      })
      const { decisions } = await pricing.reserveRedemptions({ requests }, systemCall(''))
      failpoint('redeem-settle')
      return wanted.map(({ orderId }) => {
        const decision = decisions.find((each) => each.orderId === orderId)
        if (decision?.outcome === 'held') return undefined
        const [first] = decision?.refused ?? []
        return `a promotion does not apply any more: ${first?.reason ?? decision?.outcome ?? 'unknown'}`
      })
    },
    async release(released) {
      await pricing.releaseRedemptions({ holds: [holdOf(released)] }, byTrace(released))
    },
    async confirm(confirmed) {
      await pricing.confirmRedemptions({ holds: [holdOf(confirmed)] }, byTrace(confirmed))
    },
  }
}

const holdOf = ({ orderId, holdNo: hold }: Hold) => ({ orderId, hold })
const byTrace = ({ trace }: Hold) => systemCall(trace.correlationId, trace.traceparent)

function priceFrom(answer: Wire<typeof QuoteResponseSchema>): Price {
  const { totals, lines, shipping, taxLines, promotions, shippingMethods, explanation, taxIncluded } = answer
  return {
    totalMinor: BigInt(totals.totalMinor),
    discountMinor: BigInt(totals.discountMinor),
    taxMinor: BigInt(totals.taxMinor),
    isTaxIncluded: taxIncluded,
    lines: lines.map(taxedFrom),
    shipping: {
      ...{ methodId: shipping.methodId, name: shipping.name, priceMinor: BigInt(shipping.priceMinor) },
      ...taxedFrom(shipping),
    },
    isShippingRefused: shipping.refused,
    isShippingOffered: shippingMethods.length > 0,
    taxLines: taxLines.map(({ ratePpm, netMinor, taxMinor }) => {
      return { ratePpm, netMinor: BigInt(netMinor), taxMinor: BigInt(taxMinor) }
    }),
    promotions: promotions.map(({ promotionId, code, description, amountMinor }) => {
      return { id: promotionId as PromotionId, code, description, amountMinor: BigInt(amountMinor) }
    }),
    steps: explanation,
  }
}

type Taxed = {
  readonly discountMinor: string
  readonly taxMinor: string
  readonly taxRatePpm?: number | undefined
}

const taxedFrom = ({ discountMinor, taxMinor, taxRatePpm }: Taxed) => ({
  ...{ discountMinor: BigInt(discountMinor), taxMinor: BigInt(taxMinor), taxRatePpm },
})

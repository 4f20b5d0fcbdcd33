import type {
  QuoteResponseSchema,
  ShippingOfferSchema,
  StepSchema,
  TotalsSchema,
} from '../../gen/pricing/v1/pricing_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import type { ShippingOffer } from '../domain/offer-shipping.ts'
import type { Priced, Quote, Totals } from '../domain/quote.ts'

export function quoteJson(
  quote: Quote,
  asked: { currency: string; isMethodNamed: boolean },
): Wire<typeof QuoteResponseSchema> {
  const { totals, lines, shippingMethods, discounts, taxes, refusedCodes, pricesIncludeTax } = quote
  return {
    totals: totalsJson(totals),
    lines: lines.map(lineJson),
    shipping: shippingJson(quote, asked.isMethodNamed),
    taxLines: taxes.map(({ ratePpm, netMinor, taxMinor }) => ({
      ratePpm,
      netMinor: String(netMinor),
      taxMinor: String(taxMinor),
    })),
    promotions: discounts.map(({ promotion: { id, code = '', description }, amountMinor }) => ({
      ...{ promotionId: id, code, description },
      amountMinor: String(amountMinor),
    })),
    shippingMethods: shippingMethods.map(offerJson),
    refusedCodes: refusedCodes.map(({ code, reason }) => ({ code, reason })),
    explanation: explain(quote),
    currency: asked.currency,
    taxIncluded: pricesIncludeTax,
  }
}

function totalsJson(totals: Totals): Wire<typeof TotalsSchema> {
  return {
    itemsMinor: String(totals.itemsMinor),
    discountMinor: String(totals.discountMinor),
    shippingMinor: String(totals.shippingMinor),
    taxMinor: String(totals.taxMinor),
    totalMinor: String(totals.totalMinor),
  }
}

const lineJson = (line: Priced) => ({
  lineId: line.key,
  itemsMinor: String(line.amountMinor),
  ...partsJson(line),
})

const partsJson = ({ discountMinor, taxMinor, taxRatePpm }: Priced) => ({
  discountMinor: String(discountMinor),
  taxMinor: String(taxMinor),
  ...(taxRatePpm !== undefined && { taxRatePpm }),
})

const shippingJson = ({ shipping, shippingMethod }: Quote, isMethodNamed: boolean) => ({
  methodId: shippingMethod?.id ?? '',
  name: shippingMethod?.name ?? '',
  priceMinor: String(shipping.amountMinor),
  ...partsJson(shipping),
  refused: isMethodNamed && shippingMethod === undefined,
})

export const offerJson = ({
  id,
  name,
  priceMinor,
  estimate,
}: ShippingOffer): Wire<typeof ShippingOfferSchema> => ({
  ...{ id, name, priceMinor: String(priceMinor) },
  ...(estimate !== undefined && { estimate }),
})

type Step = Wire<typeof StepSchema>

/** The rules at work, in an order in which they can be followed: what a tax is on is known before it. */
function explain({ discounts, taxes, shipping, shippingMethod }: Quote): readonly Step[] {
  const ofPromotions = discounts.map(({ promotion, baseMinor, amountMinor, shares }): Step => {
    const { id, version, description } = promotion
    return step('promotion', { id, version, description }, { baseMinor, amountMinor, shares })
  })
  const ofShipping = shippingMethod
    ? [
        step(
          'shipping',
          { ...shippingMethod, description: shippingMethod.name },
          {
            baseMinor: shipping.amountMinor,
            amountMinor: shipping.amountMinor,
            shares: new Map([[shipping.key, shipping.amountMinor]]),
          },
        ),
      ]
    : []
  const ofTaxes = taxes.map(({ ratePpm, baseMinor, taxMinor, shares }): Step => {
    const rule = { id: '', version: 0, description: `${ratePpm / 10_000} %` }
    return step('tax', rule, { baseMinor, amountMinor: taxMinor, shares })
  })
  return [...ofShipping, ...ofPromotions, ...ofTaxes]
}

function step(
  kind: 'shipping' | 'promotion' | 'tax',
  rule: { readonly id: string; readonly version: number; readonly description: string },
  { baseMinor, amountMinor, shares }: Amounts,
): Step {
  return {
    kind,
    ...{ ruleId: rule.id, ruleVersion: rule.version, description: rule.description },
    ...{ baseMinor: String(baseMinor), amountMinor: String(amountMinor) },
    shares: [...shares].map(([lineId, amount]) => ({ lineId, amountMinor: String(amount) })),
  }
}

type Amounts = {
  readonly baseMinor: bigint
  readonly amountMinor: bigint
  readonly shares: ReadonlyMap<string, bigint>
}

import type { PricingService } from '../../gen/pricing/v1/pricing_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import type { PricingApp } from '../application/pricing-app.ts'
import { parseParcel, parseQuoteRequest } from './parse-quote.ts'
import { parseCustomerKey, parseHold, parseRedemptionRequest } from './parse-rules.ts'
import { offerJson, quoteJson } from './quote-json.ts'
import { rulesRpc } from './rules-rpc.ts'

type PricingHandlers = Handlers<typeof PricingService>

export function pricingRpc(app: PricingApp): PricingHandlers {
  return { ...quotingRpc(app), ...redemptionsRpc(app), ...rulesRpc(app) }
}

function quotingRpc(app: PricingApp) {
  return {
    async quote(asked) {
      const request = parseQuoteRequest(asked)
      const customerKey = parseCustomerKey(asked.customerKey)
      const quote = await app.quote({ request, customerKey, isFresh: asked.fresh })
      const { currency, shippingMethodId } = request
      return quoteJson(quote, { currency, isMethodNamed: shippingMethodId !== undefined })
    },
    offerShippingMethods: async (asked) => ({
      shippingMethods: (await app.offerShippingMethods(parseParcel(asked))).map(offerJson),
    }),
  } satisfies Partial<PricingHandlers>
}

function redemptionsRpc({ redemptions }: PricingApp) {
  return {
    async reserveRedemptions({ requests }, call) {
      const decisions = await redemptions.reserve(requests.map(parseRedemptionRequest), call)
      return {
        decisions: decisions.map((decision) => ({
          ...{ orderId: decision.orderId, hold: decision.hold, outcome: decision.outcome },
          refused: decision.outcome === 'refused' ? decision.refused : [],
        })),
      }
    },
    releaseRedemptions: async ({ holds }, call) => ({
      outcomes: await redemptions.release(holds.map(parseHold), call),
    }),
    confirmRedemptions: async ({ holds }, call) => ({
      outcomes: await redemptions.confirm(holds.map(parseHold), call),
    }),
  } satisfies Partial<PricingHandlers>
}

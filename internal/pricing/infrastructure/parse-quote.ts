import type {
  OfferShippingMethodsRequestSchema,
  QuoteRequestSchema,
} from '../../gen/pricing/v1/pricing_pb.ts'
import { Refusal } from '../../platform/refusal.ts'
import { maxWeightGrams } from '../../platform/text.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Parcel } from '../domain/offer-shipping.ts'
import type { QuoteLine, QuoteRequest } from '../domain/quote-request.ts'
import { keyOf, type ShippingMethodId } from '../domain/rules.ts'

/** The largest order has so many. */
const maxLines = 1_000
const maxCodes = 20
/** A line id, a key of a customer or a code is never longer. */
const maxTextLength = 200

type AskedQuote = Wire<typeof QuoteRequestSchema>

export function parseQuoteRequest(asked: AskedQuote): QuoteRequest {
  const { lines, currency, destination, shippingMethodId, promotionCodes } = asked
  if (lines.length > maxLines) throw wrong(`a quote has at most ${maxLines} lines`)
  if (new Set(lines.map(({ lineId }) => lineId)).size < lines.length) throw wrong('line ids must differ')
  if (promotionCodes.length > maxCodes) throw wrong(`a quote has at most ${maxCodes} codes`)
  return {
    lines: lines.map(parseLine),
    currency,
    destination: destination.country === '' ? undefined : destination,
    shippingMethodId:
      shippingMethodId === undefined
        ? undefined
        : (parseUuid(
            shippingMethodId,
            'shipping-method.id-invalid',
            "a shipping method's id",
          ) as ShippingMethodId),
    codes: promotionCodes.filter((code) => code.length <= maxTextLength),
  }
}

function parseLine(asked: AskedQuote['lines'][number]): QuoteLine {
  const { lineId, productId, category, categoryPath, quantity, weightGrams } = asked
  if (lineId === '' || lineId.length > maxTextLength) throw wrong('a line has an id')
  if (!Number.isInteger(quantity) || quantity < 1) throw wrong('a quantity is a whole number above zero')
  if (!Number.isInteger(weightGrams) || weightGrams < 0 || weightGrams > maxWeightGrams)
    throw wrong('a weight is a whole number of grams')
  const unitPriceMinor = parseMinor(asked.unitPriceMinor)
  const above = categoryPath.map(keyOf)
  const own = keyOf(category)
  const categories = own === '' || above.includes(own) ? above : [...above, own]
  return { lineId, productId, categories, unitPriceMinor, quantity, weightGrams }
}

export function parseParcel(asked: Wire<typeof OfferShippingMethodsRequestSchema>): Parcel {
  const { country, currency, goodsMinor, weightGrams } = asked
  return { country, currency, goodsMinor: parseMinor(goodsMinor), weightGrams: parseMinor(weightGrams) }
}

function parseMinor(text: string): bigint {
  if (/^\d{1,18}$/.test(text)) return BigInt(text)
  throw wrong('amounts and weights must be numbers, not negative')
}

const wrong = (message: string): Refusal => new Refusal('invalid', 'pricing.invalid-quote', message)

import type { IssueReceiptRequestSchema, ReceiptSchema } from '../../gen/payment/v1/payment_pb.ts'
import { Refusal } from '../../platform/refusal.ts'
import { isStorable, tidy } from '../../platform/text.ts'
import type { Wire } from '../../platform/wire.ts'
import { numberText, type Buyer, type Receipt, type ReceiptLine, type Supply } from '../domain/receipt.ts'
import { currencyOf, minorOf, minorOr, orderIdOf, userIdOf } from './parse-requests.ts'

export function receiptJson(receipt: Receipt): Wire<typeof ReceiptSchema> {
  const { id, kind, orderId, credits, currency, taxIncluded, seller } = receipt
  return {
    ...{ id, kind, number: numberText(receipt), orderId, userId: receipt.userId ?? '' },
    ...{ receiptId: credits?.receiptId ?? '', receiptNumber: credits?.receiptNumber ?? '' },
    ...{ refundId: credits?.refundId ?? '', currency, lines: receipt.lines.map(lineJson) },
    ...{ shippingMinor: String(receipt.shippingMinor), discountMinor: String(receipt.discountMinor) },
    taxes: receipt.taxes.map(({ ratePpm, netMinor, taxMinor }) => {
      return { ratePpm, netMinor: String(netMinor), taxMinor: String(taxMinor) }
    }),
    ...{ totalMinor: String(receipt.totalMinor), taxIncluded, seller },
    ...{ buyer: receipt.buyer ?? nobody, issuedAt: receipt.issuedAt.toISOString() },
  }
}

const nobody: Buyer = {
  ...{ name: '', email: '', line1: '', line2: '' },
  ...{ city: '', region: '', postalCode: '', country: '' },
}

const lineJson = ({
  unitPriceMinor,
  discountMinor,
  totalMinor,
  taxRatePpm,
  taxMinor,
  ...line
}: ReceiptLine) => ({
  ...{ lineId: line.lineId, sku: line.sku, name: line.name, quantity: line.quantity },
  ...{ unitPriceMinor: String(unitPriceMinor), discountMinor: String(discountMinor) },
  totalMinor: String(totalMinor),
  ...(taxRatePpm === undefined ? {} : { taxRatePpm }),
  ...(taxMinor === undefined ? {} : { taxMinor: String(taxMinor) }),
})

/** Causes are ours, and short. */
const causeLength = 200

export function parseSupply(request: Wire<typeof IssueReceiptRequestSchema>): Supply {
  const { cause, buyer } = request
  if (cause.length > causeLength || !isStorable(cause)) throw invalid('the cause is too long')
  const isKnown = Object.values(buyer).some((text) => text !== '')
  return {
    ...{ orderId: orderIdOf(request.orderId), userId: userIdOf(request.userId), cause },
    ...{ currency: currencyOf(request.currency), lines: request.lines.map(lineOf) },
    ...{ shippingMinor: minorOf(request.shippingMinor), discountMinor: minorOf(request.discountMinor) },
    taxes: request.taxes.map(({ ratePpm, netMinor, taxMinor }) => {
      return { ratePpm, netMinor: minorOf(netMinor), taxMinor: minorOf(taxMinor) }
    }),
    ...{ totalMinor: minorOf(request.totalMinor), taxIncluded: request.taxIncluded },
    buyer: isKnown ? tidied(buyer) : undefined,
  }
}

function lineOf(line: Wire<typeof IssueReceiptRequestSchema>['lines'][number]): ReceiptLine {
  const { lineId, sku, name, quantity, taxRatePpm } = line
  if (!Number.isSafeInteger(quantity) || quantity < 1)
    throw invalid('a quantity is a whole number above zero')
  return {
    ...{ lineId, sku, name, quantity, taxRatePpm },
    ...{ unitPriceMinor: minorOf(line.unitPriceMinor), discountMinor: minorOf(line.discountMinor) },
    ...{ totalMinor: minorOf(line.totalMinor), taxMinor: minorOr(line.taxMinor) },
  }
}

function tidied(buyer: Buyer): Buyer {
  const { name, email, line1, line2, city, region, postalCode, country } = buyer
  const texts = { name, email, line1, line2, city, region, postalCode, country }
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, tidy(text)])) as Buyer // the same fields
}

const invalid = (why: string): Refusal => new Refusal('invalid', 'receipt.invalid', why)

import { Type, type Static } from 'typebox'
import type { ReceiptSchema } from '../../gen/payment/v1/payment_pb.ts'
import { toDecimal } from '../../platform/money.ts'
import type { Wire } from '../../platform/wire.ts'
import { Amount, Currency, named, Time, Uuid } from '../schemas.ts'

const Percent = Type.Number({ description: 'Such as 19 for 19 %' })

export const Receipt = named(
  'Receipt',
  Type.Object(
    {
      id: Uuid,
      kind: Type.Enum(['receipt', 'credit-note']),
      number: Type.String({ description: 'Without gaps within its series', examples: ['R-000017'] }),
      orderId: Uuid,
      receiptId: Type.Optional(Type.String({ description: 'Of a credit note: the receipt that it is for' })),
      receiptNumber: Type.Optional(Type.String()),
      refundId: Type.Optional(Type.String({ description: 'Of a credit note: the refund that it is for' })),
      currency: Currency,
      items: Type.Array(
        Type.Object({
          lineId: Type.String(),
          sku: Type.String(),
          name: Type.String(),
          quantity: Type.Integer(),
          unitPrice: Amount,
          discount: Type.Optional(Amount),
          total: Type.Number({ description: 'Less the discount; of a credit note, what is given back' }),
          taxPercent: Type.Optional(Percent),
          tax: Type.Optional(Amount),
        }),
        { description: 'Of a credit note: the lines that were given back; empty when an amount was' },
      ),
      shipping: Amount,
      discount: Amount,
      taxIncluded: Type.Boolean({ description: 'Whether prices are with tax' }),
      taxLines: Type.Array(
        Type.Object({ percent: Percent, net: Type.Number({ description: 'Without the tax' }), tax: Amount }),
      ),
      net: Type.Number({ description: 'The total without tax' }),
      tax: Amount,
      total: Type.Number({ description: 'What was paid; of a credit note, what is given back' }),
      seller: Type.Object({
        name: Type.String(),
        address: Type.Optional(Type.String()),
        taxId: Type.Optional(Type.String()),
      }),
      buyer: Type.Optional(
        Type.Object({
          name: Type.Optional(Type.String()),
          email: Type.Optional(Type.String()),
          line1: Type.Optional(Type.String()),
          line2: Type.Optional(Type.String()),
          city: Type.Optional(Type.String()),
          region: Type.Optional(Type.String()),
          postalCode: Type.Optional(Type.String()),
          country: Type.Optional(Type.String()),
        }),
      ),
      issuedAt: Time,
    },
    { description: 'A receipt, or a credit note, which takes one back by a refund. It never changes.' },
  ),
)

export function receiptBody(receipt: Wire<typeof ReceiptSchema>): Static<typeof Receipt> {
  const { id, number, orderId, currency, taxIncluded, seller, buyer, issuedAt } = receipt
  const decimal = (minor: bigint | string): number => toDecimal(BigInt(minor), currency)
  const tax = receipt.taxes.reduce((sum, { taxMinor }) => sum + BigInt(taxMinor), 0n)
  const known = present(buyer)
  return {
    ...{ id, kind: receipt.kind === 'credit-note' ? ('credit-note' as const) : ('receipt' as const) },
    ...{ number, orderId, currency, taxIncluded, issuedAt },
    ...(receipt.receiptId === ''
      ? {}
      : { receiptId: receipt.receiptId, receiptNumber: receipt.receiptNumber }),
    ...(receipt.refundId === '' ? {} : { refundId: receipt.refundId }),
    items: receipt.lines.map((line) => ({
      ...{ lineId: line.lineId, sku: line.sku, name: line.name, quantity: line.quantity },
      ...{ unitPrice: decimal(line.unitPriceMinor), total: decimal(line.totalMinor) },
      ...(line.discountMinor === '0' ? {} : { discount: decimal(line.discountMinor) }),
      ...(line.taxRatePpm === undefined ? {} : { taxPercent: percentOf(line.taxRatePpm) }),
      ...(line.taxMinor === undefined ? {} : { tax: decimal(line.taxMinor) }),
    })),
    ...{ shipping: decimal(receipt.shippingMinor), discount: decimal(receipt.discountMinor) },
    taxLines: receipt.taxes.map(({ ratePpm, netMinor, taxMinor }) => {
      return { percent: percentOf(ratePpm), net: decimal(netMinor), tax: decimal(taxMinor) }
    }),
    ...{ net: decimal(BigInt(receipt.totalMinor) - tax), tax: decimal(tax) },
    total: decimal(receipt.totalMinor),
    seller: { name: seller.name, ...present({ address: seller.address, taxId: seller.taxId }) },
    ...(Object.keys(known).length === 0 ? {} : { buyer: known }),
  }
}

/** The fields that say something. */
const present = <Fields extends Readonly<Record<string, string>>>(fields: Fields): Partial<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== '')) as Partial<Fields> // some of its fields

/** From parts per million. */
const percentOf = (ratePpm: number): number => ratePpm / 10_000

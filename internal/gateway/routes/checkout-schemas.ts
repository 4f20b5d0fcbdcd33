import { Type, type Static } from 'typebox'
import type { OrderSchema } from '../../gen/order/v1/order_pb.ts'
import { toDecimal } from '../../platform/money.ts'
import type { Wire } from '../../platform/wire.ts'
import { userText } from '../limits.ts'
import { Amount } from '../schemas.ts'
import { Address, addressBody } from './cart-schemas.ts'
import { PayBody } from './payment-schemas.ts'

export const CheckoutBody = Type.Object(
  {
    cartVersion: Type.Integer({ minimum: 1, description: 'The version of the cart that the buyer has seen' }),
    expectedTotal: Type.Number({ minimum: 0, description: 'The total that the buyer has seen' }),
    email: Type.Optional(
      Type.String({ maxLength: userText.login, description: 'Where documents go; guests have to say it' }),
    ),
    deliveryAddress: Type.Optional(Address),
    billingAddress: Type.Optional(Address),
    shippingMethod: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    ...PayBody.properties,
  },
  { additionalProperties: false },
)

/** What an order of a cart has beside its lines. All is zero for an order of lines alone. */
export const orderTerms = {
  email: Type.Optional(Type.String({ description: 'Given at the checkout' })),
  deliveryAddress: Type.Optional(Address),
  billingAddress: Type.Optional(Address),
  shipping: Amount,
  shippingMethod: Type.Optional(Type.String({ description: 'Its name' })),
  discount: Amount,
  tax: Amount,
  taxIncluded: Type.Optional(Type.Boolean({ description: 'The tax is a part of the prices' })),
  taxLines: Type.Array(
    Type.Object({
      percent: Type.Number(),
      net: Type.Number({ description: 'What the tax is on' }),
      tax: Amount,
    }),
  ),
  promotions: Type.Array(
    Type.Object({
      code: Type.Optional(Type.String({ description: 'Absent when it applies by itself' })),
      description: Type.String(),
      amount: Amount,
    }),
  ),
}

type Terms = Static<ReturnType<typeof Type.Object<typeof orderTerms>>>
const ppmPerPercent = 10_000

const none = { shipping: 0, discount: 0, tax: 0, taxLines: [], promotions: [] }

export function termsBody(order: Wire<typeof OrderSchema>): Terms {
  const [terms] = order.terms
  if (!terms) return none
  const [buyer] = order.buyer
  const amount = (minor: string): number => toDecimal(BigInt(minor), order.currency)
  return {
    ...(buyer ? buyerBody(buyer) : {}),
    shipping: amount(terms.shippingMinor),
    ...(terms.shippingMethod === '' ? {} : { shippingMethod: terms.shippingMethod }),
    discount: amount(terms.discountMinor),
    tax: amount(terms.taxMinor),
    taxIncluded: terms.taxIncluded,
    taxLines: terms.taxLines.map(({ ratePpm, netMinor, taxMinor }) => {
      return { percent: ratePpm / ppmPerPercent, net: amount(netMinor), tax: amount(taxMinor) }
    }),
    promotions: terms.promotions.map(({ code, description, amountMinor }) => {
      return { ...(code === '' ? {} : { code }), description, amount: amount(amountMinor) }
    }),
  }
}

function buyerBody({ email, deliveryAddress, billingAddress }: Wire<typeof OrderSchema>['buyer'][number]) {
  return {
    ...(email === '' ? {} : { email }),
    deliveryAddress: addressBody(deliveryAddress),
    billingAddress: addressBody(billingAddress),
  }
}

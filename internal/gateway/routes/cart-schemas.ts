import { Type, type Static } from 'typebox'
import type { CartSchema } from '../../gen/cart/v1/cart_pb.ts'
import { toDecimal } from '../../platform/money.ts'
import type { Wire } from '../../platform/wire.ts'
import { textLengths } from '../../platform/text.ts'
import { quantityPerLine } from '../limits.ts'
import { Amount, Currency, named, Uuid } from '../schemas.ts'

type WireCart = Wire<typeof CartSchema>
type CartItem = Static<typeof Cart>['items'][number]

const text = (maxLength: number) => Type.String({ maxLength })

export const Address = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: textLengths.personName }),
    line1: Type.String({ minLength: 1, maxLength: textLengths.addressLine }),
    line2: Type.Optional(text(textLengths.addressLine)),
    city: Type.String({ minLength: 1, maxLength: textLengths.city }),
    region: Type.Optional(text(textLengths.region)),
    postalCode: Type.String({ minLength: 1, maxLength: textLengths.postalCode }),
    country: Type.String({ minLength: 2, maxLength: 2, description: 'ISO 3166-1 alpha-2', examples: ['DE'] }),
    phone: Type.Optional(text(textLengths.phone)),
  },
  { additionalProperties: false },
)

export const Attributes = Type.Record(Type.String(), Type.Unknown(), {
  description: 'Whatever the buyer wants of it, as JSON; lines with equal attributes are one line',
})

const warnings = ['price-changed', 'short', 'gone'] as const
const statuses = ['active', 'locked'] as const

export const Cart = named(
  'Cart',
  Type.Object({
    id: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      format: 'uuid',
      description: 'null while nothing was ever put into it',
    }),
    version: Type.Integer({ description: 'Counts the changes' }),
    status: Type.Enum([...statuses]),
    currency: Currency,
    items: Type.Array(
      Type.Object({
        lineId: Uuid,
        productId: Uuid,
        sku: Type.String(),
        name: Type.String(),
        image: Type.Optional(Type.String()),
        quantity: Type.Integer(),
        unitPrice: Amount,
        lineTotal: Amount,
        available: Type.Integer({ description: 'Units that can be ordered now' }),
        attributes: Type.Optional(Attributes),
        warnings: Type.Optional(Type.Array(Type.Enum([...warnings]))),
      }),
    ),
    promotions: Type.Array(
      Type.Object({
        code: Type.Optional(Type.String({ description: 'Absent when it applies by itself' })),
        description: Type.String(),
        amount: Amount,
        notApplicable: Type.Optional(Type.String({ description: 'Why a code does not apply any more' })),
      }),
    ),
    delivery: Type.Optional(Type.Object({ address: Address, shippingMethod: Type.Optional(Type.String()) })),
    totals: Type.Object({ items: Amount, discount: Amount, shipping: Amount, tax: Amount, total: Amount }),
    orderId: Type.Optional(Type.String({ format: 'uuid', description: 'The order that locks it' })),
    token: Type.Optional(
      Type.String({ description: "A guest's Cart-Token, once: with the first item of a new cart" }),
    ),
  }),
)

export const AddItemBody = Type.Object(
  {
    productId: Uuid,
    quantity: Type.Integer({ minimum: 1, maximum: quantityPerLine }),
    attributes: Type.Optional(Attributes),
  },
  { additionalProperties: false },
)

export const ChangeItemBody = Type.Object(
  { quantity: Type.Integer({ minimum: 0, maximum: quantityPerLine, description: '0 removes the line' }) },
  { additionalProperties: false },
)

export const LineParams = Type.Object({ lineId: Uuid })

export const DeliveryBody = Type.Object(
  { address: Address, shippingMethod: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) },
  { additionalProperties: false },
)

export const PromotionBody = Type.Object(
  { code: Type.String({ minLength: 1, maxLength: textLengths.promotionCode }) },
  { additionalProperties: false },
)

export const PromotionParams = Type.Object({ code: Type.String({ maxLength: textLengths.promotionCode }) })

export const ShippingMethodsQuery = Type.Object(
  { country: Type.Optional(Type.String({ minLength: 2, maxLength: 2 })) },
  { additionalProperties: false },
)

export const ShippingMethods = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      price: Amount,
      estimate: Type.Optional(Type.String()),
    }),
  ),
})

export function cartBody(cart: WireCart): Static<typeof Cart> {
  const { currency, totals, orderId } = cart
  const amount = (minor: string): number => toDecimal(BigInt(minor), currency)
  return {
    id: cart.id === '' ? null : cart.id,
    version: cart.version,
    // That nobody has touched it for a while is no business of its owner, who can do with it whatever one could before.
    status: cart.status === 'locked' ? 'locked' : 'active',
    currency,
    items: cart.items.map((item): CartItem => itemBody(item, amount)),
    promotions: cart.promotions.map(({ code, description, amountMinor, notApplicable }) => ({
      ...(code === '' ? {} : { code }),
      description,
      amount: amount(amountMinor),
      ...(notApplicable === undefined ? {} : { notApplicable }),
    })),
    ...deliveryBody(cart.delivery),
    totals: {
      items: amount(totals.itemsMinor),
      discount: amount(totals.discountMinor),
      shipping: amount(totals.shippingMinor),
      tax: amount(totals.taxMinor),
      total: amount(totals.totalMinor),
    },
    ...(orderId === undefined ? {} : { orderId }),
  }
}

// The fields are copied one by one, because this runs for each line that is shown and a rest pattern is much slower.
function itemBody(item: WireCart['items'][number], amount: (minor: string) => number): CartItem {
  const told = warnings.filter((warning) => item.warnings.includes(warning))
  return {
    lineId: item.lineId,
    productId: item.productId,
    sku: item.sku,
    name: item.name,
    ...(item.image === undefined ? {} : { image: item.image }),
    quantity: item.quantity,
    unitPrice: amount(item.unitPriceMinor),
    lineTotal: amount(item.lineTotalMinor),
    available: item.available,
    ...(item.attributes === undefined ? {} : { attributes: { ...item.attributes } }),
    ...(told.length === 0 ? {} : { warnings: told }),
  }
}

function deliveryBody({
  address,
  shippingMethod,
}: WireCart['delivery']): Pick<Static<typeof Cart>, 'delivery'> {
  if (address.country === '') return {}
  const shown = addressBody(address)
  return { delivery: { address: shown, ...(shippingMethod === undefined ? {} : { shippingMethod }) } }
}

/** Without what is empty. */
export function addressBody(address: WireCart['delivery']['address']): Static<typeof Address> {
  const { name, line1, line2, city, region, postalCode, country, phone } = address
  return {
    ...{ name, line1, city, postalCode, country },
    ...(line2 === '' ? {} : { line2 }),
    ...(region === '' ? {} : { region }),
    ...(phone === '' ? {} : { phone }),
  }
}

const noAddress = {
  ...{ name: '', line1: '', line2: '', city: '', region: '', postalCode: '', country: '', phone: '' },
}

/** What a service gets: every field is there, and none has a value when there is no address. */
export const wireAddress = (address: Static<typeof Address> | undefined) => ({ ...noAddress, ...address })

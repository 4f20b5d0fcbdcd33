import { Type, type Static } from 'typebox'
import type { OrderItemSchema, OrderSchema } from '../../gen/order/v1/order_pb.ts'
import { toDecimal } from '../../platform/money.ts'
import { onceForEach } from '../../platform/once-for-each.ts'
import type { Wire } from '../../platform/wire.ts'
import { linesPerOrder, quantityPerLine, reasonLength, userText } from '../limits.ts'
import { Amount, Currency, named, pageQuery, Time, Uuid } from '../schemas.ts'
import { Attributes } from './cart-schemas.ts'
import { orderTerms, termsBody } from './checkout-schemas.ts'

const statuses = [
  'pending',
  'confirmed',
  'rejected',
  'paid',
  'shipped',
  'completed',
  'canceled',
  'expired',
] as const
const Status = Type.Enum([...statuses], {
  description: 'expired may become paid after all, with money that came late',
})

const FulfilmentStatus = Type.Enum(['none', 'partial', 'shipped', 'delivered'])
const ReturnStatus = Type.Enum(['none', 'open', 'partial', 'returned'])

const Flag = Type.Enum(['review', 'dispute'])

const PaymentStatus = Type.Enum([
  'unpaid',
  'pending',
  'authorized',
  'partially_paid',
  'paid',
  'overpaid',
  'partially_refunded',
  'refunded',
  'failed',
])

export const Order = named(
  'Order',
  Type.Object({
    id: Uuid,
    userId: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      format: 'uuid',
      description: 'null for a guest',
    }),
    status: Status,
    items: Type.Array(
      Type.Object({
        lineId: Uuid,
        productId: Uuid,
        sku: Type.String(),
        name: Type.String(),
        quantity: Type.Integer(),
        unitPrice: Amount,
        shipped: Type.Optional(Type.Integer({ description: 'Units that have left; absent: none, as below' })),
        canceled: Type.Optional(Type.Integer({ description: 'Units that were not found for packing' })),
        returned: Type.Optional(Type.Integer({ description: 'Units in returns' })),
        attributes: Type.Optional(Attributes),
      }),
    ),
    paymentStatus: PaymentStatus,
    fulfilmentStatus: FulfilmentStatus,
    returnStatus: ReturnStatus,
    flags: Type.Optional(
      Type.Array(Flag, {
        description:
          'What staff should look at. review: money in another currency has come. dispute: the buyer disputes a payment at his bank. Absent: nothing',
      }),
    ),
    holdUntil: Type.Optional({ ...Time, description: 'Stock is held until then, unless somebody pays' }),
    ...orderTerms,
    total: Amount,
    currency: Currency,
    createdAt: Time,
    updatedAt: Time,
    history: Type.Array(Type.Object({ status: Status, at: Time, reason: Type.Optional(Type.String()) }), {
      description: 'Oldest first',
    }),
  }),
)

export const PlaceOrderBody = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        { productId: Uuid, quantity: Type.Integer({ minimum: 1, maximum: quantityPerLine }) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: linesPerOrder, description: 'Lines of the same product are merged' },
    ),
  },
  { additionalProperties: false },
)

export const PreferHeader = Type.Object({
  prefer: Type.Optional(
    Type.String({ description: 'wait=N: answer when the stock is decided, or after N seconds (RFC 7240)' }),
  ),
})

export const ListOrdersQuery = Type.Object(
  {
    status: Type.Optional(Status),
    paymentStatus: Type.Optional(PaymentStatus),
    fulfilmentStatus: Type.Optional(FulfilmentStatus),
    returnStatus: Type.Optional(ReturnStatus),
    flag: Type.Optional(Flag),
    userId: Type.Optional(Type.String({ format: 'uuid', description: 'For admins' })),
    from: Type.Optional({ ...Time, description: 'Placed at this time or later' }),
    to: Type.Optional({ ...Time, description: 'Placed before this time' }),
    email: Type.Optional(
      Type.String({ maxLength: userText.login, description: 'Given at the checkout; for admins' }),
    ),
    holdEndsBefore: Type.Optional({
      ...Time,
      description: 'Waits for a payment, and its stock is held for less long than until then',
    }),
    ...pageQuery,
  },
  { additionalProperties: false },
)

export const ClaimedOrders = Type.Object({
  claimed: Type.Integer({ description: "How many orders became one's own by this request" }),
})

const reason = Type.Optional(Type.String({ maxLength: reasonLength }))

export const CancelOrderBody = Type.Object(
  {
    reason,
    refund: Type.Optional(
      Type.Enum(['full', 'none'], { description: 'Of what was paid; none is for admins only' }),
    ),
  },
  { additionalProperties: false },
)

export const ChangeOrderBody = Type.Object(
  {
    status: Type.Enum(['paid', 'shipped', 'completed', 'canceled']),
    reason,
    reference: Type.Optional(
      Type.String({
        maxLength: reasonLength,
        description:
          'With paid, and needed there: under which the bank has the money; one is good for one order',
      }),
    ),
  },
  { additionalProperties: false },
)

export function orderBody(order: Wire<typeof OrderSchema>): Static<typeof Order> {
  const { id, userId, currency, createdAt, updatedAt } = order
  return {
    id,
    userId: userId ?? null,
    status: statusOf(order.status),
    // The fields are copied one by one, because this runs for each order that is shown and a rest pattern is much
    // slower.
    items: order.items.map((item) => ({
      lineId: item.lineId,
      productId: item.productId,
      sku: item.sku,
      name: item.name,
      quantity: item.quantity,
      unitPrice: toDecimal(BigInt(item.unitPriceMinor), currency),
      ...(item.packed === undefined ? {} : unitsOf(item)),
      ...(item.attributes === undefined ? {} : { attributes: { ...item.attributes } }),
    })),
    paymentStatus: (order.paymentStatus ?? 'unpaid') as Static<typeof PaymentStatus>,
    fulfilmentStatus: (order.fulfilmentStatus ?? 'none') as Static<typeof FulfilmentStatus>,
    ...(isWaiting(order.status) && order.holdUntil !== undefined ? { holdUntil: order.holdUntil } : {}),
    returnStatus: (order.returnStatus ?? 'none') as Static<typeof ReturnStatus>,
    ...(order.flags.length === 0 ? {} : { flags: order.flags as Static<typeof Flag>[] }),
    ...termsBody(order),
    total: toDecimal(BigInt(order.totalMinor), currency),
    currency,
    createdAt,
    updatedAt,
    history: order.history.map(({ status: text, at, reason: why }) => {
      const status = statusOf(text)
      return why ? { status, at, reason: why } : { status, at }
    }),
  }
}

/** As JSON. A service in this process answers with the same object again while its order has not changed. */
export const orderText = onceForEach((order: Wire<typeof OrderSchema>) => JSON.stringify(orderBody(order)))

const isWaiting = (status: string): boolean => status === 'pending' || status === 'confirmed'

/** Only what is not zero is shown. */
function unitsOf({ shipped, canceled, returned }: Wire<typeof OrderItemSchema>) {
  return {
    ...(shipped ? { shipped } : {}),
    ...(canceled ? { canceled } : {}),
    ...(returned ? { returned } : {}),
  }
}

function statusOf(text: string): (typeof statuses)[number] {
  const status = statuses.find((known) => known === text)
  if (!status)
    throw new Error(`the order service answered with a status that the gateway does not know: ${text}`)
  return status
}

import type { CartService } from '../../gen/cart/v1/cart_pb.ts'
import type { OrderSchema, OrderService } from '../../gen/order/v1/order_pb.ts'
import type { PaymentService } from '../../gen/payment/v1/payment_pb.ts'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import { systemCall, type Call, type Trace } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Attachment, BoughtOrder, Owners } from '../application/ports.ts'
import type { UserId } from '../domain/delivery.ts'

export type OwnerCalls = {
  readonly user: Pick<Handlers<typeof UserService>, 'getUser' | 'describeMailRequest'>
  readonly order: Pick<Handlers<typeof OrderService>, 'getOrder' | 'trackOrder'>
  readonly payment: Pick<Handlers<typeof PaymentService>, 'drawReceipt' | 'listReceipts'>
  readonly cart: Pick<Handlers<typeof CartService>, 'getCart'>
}

/** Asks the services that own what a mail says. */
export function serviceOwners({ user, order, payment, cart }: OwnerCalls): Owners {
  const drawn = async (id: string, trace: Trace): Promise<Attachment | undefined> => {
    const found = await unlessGone(payment.drawReceipt({ id }, callOf(trace)))
    if (!found) return undefined
    const content = Buffer.from(found.pdf, 'base64')
    return { filename: `${found.number.replaceAll('/', '-')}.pdf`, contentType: 'application/pdf', content }
  }
  return {
    async person(id, trace) {
      const found = await unlessGone(user.getUser({ id }, callOf(trace)))
      if (!found) return undefined
      const { email, name, username, phone } = found.user
      return { email, name: name || username, phone }
    },
    async mailRequest(requestId, trace) {
      const found = await unlessGone(user.describeMailRequest({ requestId }, callOf(trace)))
      if (!found) return undefined
      const { kind, email, name, username, token, expiresAt } = found
      return { kind, email, name: name || username, token, expiresAt: new Date(expiresAt) }
    },
    async order(id, trace) {
      const found = await unlessGone(order.getOrder({ id }, callOf(trace)))
      return found && boughtFrom(found.order)
    },
    async parcel(facts, shipmentId, trace) {
      const found = await unlessGone(order.trackOrder({ orderId: facts.orderId }, callOf(trace)))
      const shipment = found?.shipments.find(({ id }) => id === shipmentId)
      if (!shipment) return undefined
      const { carrier, trackingNumber, trackingUrl } = shipment
      return { ...facts, carrier, trackingNumber, trackingUrl }
    },
    receipt: drawn,
    async creditNote(orderId, refundId, trace) {
      const { receipts } = await payment.listReceipts({ orderId }, callOf(trace))
      const note = receipts.find((each) => refundId !== '' && each.refundId === refundId)
      return note && drawn(note.id, trace)
    },
    async abandonedCart(userId, cartId, trace) {
      const { cart: found } = await cart.getCart({}, asUser(userId, trace))
      if (found.id !== cartId || found.status !== 'abandoned' || found.items.length === 0) return undefined
      const { currency, totals } = found
      const lines = found.items.map(({ name, quantity, lineTotalMinor }) => {
        return { name, quantity, amountMinor: BigInt(lineTotalMinor) }
      })
      return {
        ...{ currency, lines, totalMinor: BigInt(totals.totalMinor), addedTaxMinor: 0n },
        ...{ shippingMinor: BigInt(totals.shippingMinor), discountMinor: BigInt(totals.discountMinor) },
      }
    },
  }
}

const callOf = ({ correlationId, traceparent }: Trace): Call => systemCall(correlationId, traceparent)

/** A cart is asked for by its owner. */
const asUser = (userId: UserId, trace: Trace): Call => ({
  ...callOf(trace),
  actor: { kind: 'user', userId, role: 'customer' },
})

async function unlessGone<Answer>(asking: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asking
  } catch (err) {
    if (err instanceof Refusal && err.kind === 'not-found') return undefined
    throw err
  }
}

function boughtFrom({
  id,
  userId,
  items,
  totalMinor,
  currency,
  history,
  buyer,
  terms,
  ...held
}: Wire<typeof OrderSchema>): BoughtOrder {
  const [at] = buyer
  const [agreed] = terms
  const lines = items.map(({ name, quantity, unitPriceMinor }) => {
    return { name, quantity, amountMinor: BigInt(unitPriceMinor) * BigInt(quantity) }
  })
  return {
    facts: {
      ...{ orderId: id, currency, lines, totalMinor: BigInt(totalMinor) },
      shippingMinor: BigInt(agreed?.shippingMinor ?? '0'),
      discountMinor: BigInt(agreed?.discountMinor ?? '0'),
      addedTaxMinor: agreed?.taxIncluded === false ? BigInt(agreed.taxMinor) : 0n,
      reason: history.at(-1)?.reason ?? '',
    },
    userId: (userId || undefined) as UserId | undefined,
    ...{ email: at?.email ?? '', name: at?.deliveryAddress.name ?? '' },
    ...{ deliveryPhone: at?.deliveryAddress.phone, billingPhone: at?.billingAddress.phone },
    heldUntil: heldUntil(held),
  }
}

/** Only a confirmed order waits for its payment. */
function heldUntil({
  status,
  holdUntil,
}: Pick<Wire<typeof OrderSchema>, 'status' | 'holdUntil'>): Date | undefined {
  return status === 'confirmed' && holdUntil !== undefined && holdUntil !== ''
    ? new Date(holdUntil)
    : undefined
}

import { largestMinor } from '../../platform/money.ts'
import { Refusal } from '../../platform/refusal.ts'
import { isStorable, isStorableLine, textLengths, tidy } from '../../platform/text.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { LineMoneySchema } from '../../gen/payment/v1/payment_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import { refundStatuses, type CaptureMode, type RefundStatus } from '../domain/account.ts'
import type { ToldLine } from '../domain/goods.ts'
import type { OrderId, PaymentId, RefundId, UserId } from '../domain/ids.ts'

export const orderIdOf = (id: string): OrderId =>
  parseUuid(id, 'order.invalid-id', "an order's id") as OrderId

/** As many as a page has. */
const maxOrderIds = 100

/** Each once. */
/** So many are told of at once at most. */
const maxToldOrders = 1_000

export function refuseMany(told: readonly unknown[]): void {
  if (told.length > maxToldOrders)
    throw new Refusal('invalid', 'request.invalid', `name at most ${maxToldOrders} orders at once`)
}

export function orderIdsOf(ids: readonly string[]): readonly OrderId[] {
  if (ids.length > maxOrderIds)
    throw new Refusal('invalid', 'request.invalid', `ask for at most ${maxOrderIds} orders at once`)
  return [...new Set(ids.map(orderIdOf))]
}

export const paymentIdOf = (id: string): PaymentId =>
  parseUuid(id, 'payment.invalid-id', "a payment's id") as PaymentId
export const userIdOf = (id: string): UserId | undefined =>
  id === '' ? undefined : (parseUuid(id, 'user.invalid-id', "a user's id") as UserId)

/** An int64 of ProtoJSON. */
export function minorOf(text: string): bigint {
  const minor = /^\d{1,15}$/.test(text) ? BigInt(text) : undefined
  if (minor === undefined)
    throw new Refusal('invalid', 'money.invalid', `an amount is a whole number from 0 to ${largestMinor}`)
  return minor
}

/** An earlier version of the order service counts no units. */
export const lineOf = ({
  short = 0,
  returned = 0,
  ...line
}: Partial<Wire<typeof LineMoneySchema>> &
  Omit<Wire<typeof LineMoneySchema>, 'short' | 'returned'>): ToldLine => ({
  ...{ lineId: line.lineId, quantity: line.quantity, short, returned },
  totalMinor: minorOf(line.totalMinor),
})

export const minorOr = (text: string | undefined): bigint | undefined =>
  text === undefined ? undefined : minorOf(text)

export function currencyOf(text: string): string {
  if (/^[A-Z]{3}$/.test(text)) return text
  throw new Refusal('invalid', 'money.invalid-currency', 'a currency is a code of ISO 4217')
}

export function reasonOf(text: string): string {
  const reason = tidy(text)
  if (isStorable(reason) && Array.from(reason).length <= textLengths.reason) return reason
  throw new Refusal(
    'invalid',
    'payment.invalid-reason',
    'the reason is too long, or has characters that no text has',
  )
}

/** Under which a bank has the money. */
export function referenceOf(text: string): string {
  const reference = tidy(text)
  if (reference === '')
    throw new Refusal('invalid', 'payment.reference-missing', 'a bank reference is needed')
  if (isStorableLine(reference) && Array.from(reference).length <= textLengths.carrier) return reference
  throw new Refusal(
    'invalid',
    'payment.invalid-reference',
    `a bank reference is one line of at most ${textLengths.carrier} characters`,
  )
}

export function captureOf(text: string): CaptureMode | undefined {
  if (text === '') return undefined
  if (text === 'at-once' || text === 'shipment') return text
  throw new Refusal('invalid', 'payment.invalid-capture', 'money is captured at-once or by shipment')
}

export function refundModeOf(text: string): 'full' | 'none' | undefined {
  if (text === '') return undefined
  if (text === 'full' || text === 'none') return text
  throw new Refusal('invalid', 'payment.invalid-refund', 'money goes back in full, or none does')
}

export const refundIdOf = (id: string): RefundId =>
  parseUuid(id, 'refund.invalid-id', "a refund's id") as RefundId

export function refundStatusOf(text: string): RefundStatus {
  const status = refundStatuses.find((known) => known === text)
  if (status !== undefined) return status
  throw new Refusal('invalid', 'refund.invalid-status', `it is one of ${refundStatuses.join(', ')}`)
}

/** The number of a row. */
export function rowIdOf(text: string): string {
  if (/^\d{1,18}$/.test(text)) return text
  throw new Refusal('not-found', 'webhook.not-found', 'there is no such message')
}

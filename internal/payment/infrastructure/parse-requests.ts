import { largestMinor } from '../../platform/money.ts'
import { Refusal } from '../../platform/refusal.ts'
import { isStorable, textLengths, tidy } from '../../platform/text.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { CaptureMode } from '../domain/account.ts'
import type { OrderId, PaymentId, UserId } from '../domain/ids.ts'

export const orderIdOf = (id: string): OrderId =>
  parseUuid(id, 'order.invalid-id', "an order's id") as OrderId
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

/** The number of a row. */
export function rowIdOf(text: string): string {
  if (/^\d{1,18}$/.test(text)) return text
  throw new Refusal('not-found', 'webhook.not-found', 'there is no such message')
}

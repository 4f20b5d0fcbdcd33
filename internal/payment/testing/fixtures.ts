import type { Call, Trace } from '../../platform/call.ts'
import { newId } from '../../platform/new-id.ts'
import type { Account } from '../domain/account.ts'
import { beginPayment, type Beginning } from '../domain/begin.ts'
import type { OrderId, UserId } from '../domain/ids.ts'
import { observe } from '../domain/observe.ts'
import type { Stationery } from '../infrastructure/credit-notes.ts'
import type { Supply } from '../domain/receipt.ts'
import type { PaymentSnapshot } from '../domain/payment-snapshot.ts'
import { settle } from '../domain/settle.ts'

export const now = new Date('2026-01-02T03:04:05.678Z')
export const later = (ms: number): Date => new Date(now.getTime() + ms)
export const trace: Trace = { correlationId: 'test', causationId: '', traceparent: '' }
export const system: Call = { actor: { kind: 'system' }, correlationId: 'test', traceparent: '' }
export const newOrderId = (): OrderId => newId() as OrderId
export const newUserId = (): UserId => newId() as UserId

export function admin(): Call {
  const userId = newUserId()
  const by = { kind: 'user', id: userId, address: '192.0.2.1' } as const
  return { ...system, actor: { kind: 'user', userId, role: 'admin' }, by }
}

export function customer(userId: UserId = newUserId()): Call {
  return { ...system, actor: { kind: 'user', userId, role: 'customer' } }
}

export const seller = { name: 'Our Shop', address: '1 High Street\nLondon', taxId: 'GB123' }
export const stationery: Stationery = {
  ...{ seller, receiptSeries: 'R', creditNoteSeries: 'C', newId },
  now: () => now,
}

/** 100.00 in two lines with tax of 19 % and 7 % in their prices. */
export function supply(changes: Partial<Supply> = {}): Supply {
  const orderId = changes.orderId ?? newOrderId()
  const line = { sku: 'SKU', discountMinor: 0n }
  return {
    ...{ orderId, userId: undefined, cause: `order:${orderId}`, buyer: undefined, currency: 'EUR' },
    lines: [
      {
        ...{ ...line, lineId: 'a', name: 'A kettle', quantity: 2, unitPriceMinor: 4_000n },
        ...{ totalMinor: 8_000n, taxRatePpm: 190_000, taxMinor: 1_277n },
      },
      {
        ...{ ...line, lineId: 'b', name: 'A book', quantity: 1, unitPriceMinor: 2_000n },
        ...{ totalMinor: 2_000n, taxRatePpm: 70_000, taxMinor: 131n },
      },
    ],
    ...{ shippingMinor: 0n, discountMinor: 0n, taxIncluded: true, totalMinor: 10_000n },
    taxes: [
      { ratePpm: 190_000, netMinor: 6_723n, taxMinor: 1_277n },
      { ratePpm: 70_000, netMinor: 1_869n, taxMinor: 131n },
    ],
    ...changes,
  }
}

/** A wish to pay 100.00 by card. */
export function beginning(changes: Partial<Beginning> = {}): Beginning {
  return {
    paymentId: undefined,
    orderId: newOrderId(),
    userId: undefined,
    dueMinor: 10_000n,
    currency: 'EUR',
    lines: [],
    provider: 'fake',
    method: 'card',
    token: 'pm_card_visa',
    returnUrl: 'http://localhost/back',
    client: '',
    capture: 'at-once',
    orderCapture: changes.capture ?? 'at-once',
    isCancelable: true,
    endsAfterMs: undefined,
    ...changes,
  }
}

export function snapshot(changes: Partial<PaymentSnapshot> = {}): PaymentSnapshot {
  return {
    ref: 'pi_1',
    ourId: undefined,
    method: 'card',
    state: 'captured',
    actionUrl: undefined,
    currency: 'EUR',
    amountMinor: 10_000n,
    authorizedMinor: 0n,
    authorizedUntil: undefined,
    captures: [],
    refunds: [],
    disputes: [],
    failure: undefined,
    ...changes,
  }
}

/** A payment of which so much was captured at once. */
export function captured(minor = 10_000n, changes: Partial<PaymentSnapshot> = {}): PaymentSnapshot {
  const ref = changes.ref ?? 'pi_1'
  const captures = [
    { id: `ch_${ref}`, ourId: undefined, status: 'succeeded' as const, cumulativeMinor: minor },
  ]
  return snapshot({ captures, ...changes })
}

export const authorized = (minor = 10_000n, changes: Partial<PaymentSnapshot> = {}): PaymentSnapshot =>
  snapshot({ state: 'authorized', authorizedMinor: minor, ...changes })

/** An order with one attempt that no provider knows of yet. */
export function begun(changes: Partial<Beginning> = {}): Account {
  return beginPayment(undefined, beginning(changes), now, newId).account
}

/** What the worker does with an answer: the operations of the payment are done, what was said is recorded. */
export function answered(
  account: Account,
  said: PaymentSnapshot,
  index = account.payments.length - 1,
): Account {
  const { id } = account.payments[index]!
  const operations = account.operations.map((operation) =>
    operation.paymentId === id && operation.kind !== 'refund' && operation.status === 'waiting'
      ? { ...operation, status: 'done' as const, firstTriedAt: now, lastTriedAt: now, tries: 1 }
      : operation,
  )
  return settle(observe({ ...account, operations }, id, said, now, newId), now, newId)
}

/** An order that is paid by one payment. */
export const paid = (changes: Partial<Beginning> = {}): Account => answered(begun(changes), captured())

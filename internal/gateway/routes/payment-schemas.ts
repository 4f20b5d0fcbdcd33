import { Type, type Static } from 'typebox'
import type { PaymentMethodSchema, PaymentSchema, RefundSchema } from '../../gen/payment/v1/payment_pb.ts'
import { toDecimal } from '../../platform/money.ts'
import type { Wire } from '../../platform/wire.ts'
import { linesPerOrder, quantityPerLine, reasonLength } from '../limits.ts'
import { Amount, Currency, named, Time, Uuid } from '../schemas.ts'

const statuses = [
  ...['created', 'action_required', 'processing', 'authorized', 'captured', 'failed', 'unknown'],
  ...['canceled', 'expired', 'voided', 'lapsed'],
]

export const Payment = named(
  'Payment',
  Type.Object({
    id: Uuid,
    orderId: Uuid,
    status: Type.Enum(statuses),
    method: Type.String(),
    amount: Amount,
    captured: Amount,
    refunded: Amount,
    currency: Currency,
    action: Type.Optional(
      Type.Object(
        { type: Type.Literal('redirect'), url: Type.String() },
        { description: 'Where the customer has to go' },
      ),
    ),
    failure: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
    createdAt: Time,
    updatedAt: Time,
  }),
)

export const Refund = named(
  'Refund',
  Type.Object({
    id: Uuid,
    orderId: Uuid,
    paymentId: Uuid,
    status: Type.String(),
    amount: Amount,
    currency: Currency,
    awaits: Type.Optional(
      Type.Literal('staff', { description: 'No provider gives it back: settle or repeat it' }),
    ),
    reference: Type.Optional(Type.String({ description: 'Under which staff have paid it back' })),
    createdAt: Time,
    lines: Type.Optional(Type.Array(Type.Object({ lineId: Type.String(), quantity: Type.Integer() }))),
    reason: Type.String(),
  }),
)

const kinds = ['card', 'redirect', 'wallet', 'offline'] as const

export const PaymentMethods = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      kind: Type.Enum([...kinds]),
    }),
  ),
})

export const MethodsQuery = Type.Object(
  {
    amount: Type.Optional(
      Type.Number({
        minimum: 0,
        description: 'What is to be paid: methods that do not take it are left out',
      }),
    ),
    currency: Type.Optional(
      Type.String({ pattern: '^[A-Z]{3}$', description: "Of the amount; the shop's unless it is said" }),
    ),
  },
  { additionalProperties: false },
)

export const PayBody = Type.Object(
  {
    paymentMethod: Type.String({
      minLength: 1,
      maxLength: 50,
      description: 'An id of `GET /payment-methods`',
    }),
    paymentToken: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: "What the provider's form has made of a card; never a card number",
      }),
    ),
    returnUrl: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2_000,
        description: 'Where the customer comes back to from a page of the provider',
      }),
    ),
  },
  { additionalProperties: false },
)

const amount = Type.Optional(Type.Number({ exclusiveMinimum: 0 }))

export const CaptureBody = Type.Object({ amount }, { additionalProperties: false })

export const RefundBody = Type.Object(
  {
    amount,
    lines: Type.Optional(
      Type.Array(
        Type.Object(
          {
            lineId: Type.String({ format: 'uuid' }),
            quantity: Type.Integer({ minimum: 1, maximum: quantityPerLine }),
          },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: linesPerOrder },
      ),
    ),
    reason: Type.String({ minLength: 1, maxLength: reasonLength }),
  },
  { additionalProperties: false },
)

export const DeadWebhooks = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      provider: Type.String(),
      eventId: Type.Optional(Type.String()),
      resource: Type.String({ description: "The provider's id of the payment" }),
      reason: Type.String(),
      tries: Type.Integer(),
      receivedAt: Time,
    }),
  ),
})

export const methodBody = ({ id, name, kind }: Wire<typeof PaymentMethodSchema>) => ({
  ...{ id, name },
  kind: kinds.find((known) => known === kind) ?? 'redirect',
})

export function paymentBody(payment: Wire<typeof PaymentSchema>): Static<typeof Payment> {
  const { id, orderId, status, method, currency, actionUrl, failureCode, createdAt, updatedAt } = payment
  const decimal = (minor: string): number => toDecimal(BigInt(minor), currency)
  return {
    ...{ id, orderId, status, method, currency, createdAt, updatedAt },
    amount: decimal(payment.amountMinor),
    captured: decimal(payment.capturedMinor),
    refunded: decimal(payment.refundedMinor),
    ...(actionUrl === '' ? {} : { action: { type: 'redirect' as const, url: actionUrl } }),
    ...(failureCode === '' ? {} : { failure: { code: failureCode, message: payment.failureMessage } }),
  }
}

export function refundBody(refund: Wire<typeof RefundSchema>): Static<typeof Refund> {
  const { id, orderId, paymentId, status, reason, lines, amountMinor, currency, createdAt } = refund
  return {
    ...{ id, orderId, paymentId, status, reason, createdAt },
    ...{ amount: toDecimal(BigInt(amountMinor), currency), currency },
    ...(refund.awaitsStaff ? { awaits: 'staff' as const } : {}),
    ...(refund.reference === '' ? {} : { reference: refund.reference }),
    ...(lines.length === 0 ? {} : { lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })) }),
  }
}

import { Type, type Static } from 'typebox'
import type { SuspenseMoneySchema } from '../../gen/payment/v1/payment_pb.ts'
import { toDecimal } from '../../platform/money.ts'
import type { Wire } from '../../platform/wire.ts'
import { Amount, Currency, pageQuery, Time } from '../schemas.ts'

const text = (description: string) => Type.String({ minLength: 1, maxLength: 255, description })

export const ListRefundsQuery = Type.Object(
  {
    status: Type.Optional(
      Type.Enum(
        [
          ...['requested', 'submitted', 'succeeded', 'failed', 'unknown', 'action_required', 'canceled'],
          'settled_manually',
        ],
        { description: 'All that are not over by default' },
      ),
    ),
    ...pageQuery,
  },
  { additionalProperties: false },
)

const reference = text('Under which the bank has it; one is good for one refund')

export const SettleRefundBody = Type.Object({ reference }, { additionalProperties: false })

const provider = text('As it is named in the list')
const ref = text("The provider's id of the payment")

export const Suspense = Type.Object({
  data: Type.Array(
    Type.Object({
      provider: Type.String(),
      ref: Type.String(),
      amount: Amount,
      currency: Currency,
      foundAt: Time,
    }),
  ),
})

export const AssignSuspenseBody = Type.Object(
  { provider, ref, orderId: Type.String({ format: 'uuid' }) },
  { additionalProperties: false },
)

export const ResolveSuspenseBody = Type.Object({ provider, ref, reference }, { additionalProperties: false })

export function suspenseBody(money: readonly Wire<typeof SuspenseMoneySchema>[]): Static<typeof Suspense> {
  return {
    data: money.map(({ provider: at, ref: id, amountMinor, currency, foundAt }) => ({
      ...{ provider: at, ref: id, currency, foundAt },
      amount: toDecimal(BigInt(amountMinor), currency),
    })),
  }
}

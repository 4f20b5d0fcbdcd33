import type { Delivered } from '../../platform/reaction.ts'
import { Refusal } from '../../platform/refusal.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { ToldMoney } from '../application/keep-money.ts'
import type { Money } from '../domain/money.ts'
import type { OrderId } from '../domain/order.ts'

/** An event of the payments. Whoever can publish may have written it. */
export function parseMoney({ data, trace }: Delivered): ToldMoney {
  const { gateVersion, status } = data
  if (!Number.isSafeInteger(gateVersion) || (gateVersion as number) < 1 || (gateVersion as number) > maxInt4)
    throw new Refusal('invalid', 'message.invalid-money', 'gateVersion must be a whole number from 1')
  return {
    orderId: parseUuid(data.orderId, 'message.invalid-order-id', 'orderId') as OrderId,
    money: {
      gateVersion: gateVersion as number,
      dueMinor: minorOf(data.dueMinor),
      authorizedMinor: minorOf(data.authorizedMinor),
      capturedMinor: minorOf(data.capturedMinor),
      refundedMinor: minorOf(data.refundedMinor),
      attempt: attemptOf(status),
      waitsFor: status === 'action_required' && typeof data.method === 'string' ? data.method : undefined,
    },
    trace,
  }
}

/** The column that keeps it. */
const maxInt4 = 2_147_483_647

function minorOf(value: unknown): bigint {
  if (typeof value === 'string' && /^\d{1,18}$/.test(value)) return BigInt(value)
  throw new Refusal('invalid', 'message.invalid-money', 'an amount must be a text of minor units')
}

const open: readonly unknown[] = ['created', 'action_required', 'processing', 'unknown']
const over: readonly unknown[] = ['failed', 'canceled', 'expired', 'voided', 'lapsed']

/** Events of refunds and disputes tell of no attempt. */
const attemptOf = (status: unknown): Money['attempt'] =>
  open.includes(status) ? 'open' : over.includes(status) ? 'failed' : 'none'

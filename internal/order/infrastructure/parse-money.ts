import type { Delivered } from '../../platform/reaction.ts'
import { Refusal } from '../../platform/refusal.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { ToldMoney } from '../application/keep-money.ts'
import type { OrderId } from '../domain/order.ts'

/** An event of the payments. Whoever can publish may have written it, so only its names are read: the payments are asked. */
export function parseMoney({ data, trace }: Delivered): ToldMoney {
  const { gateVersion } = data
  if (!Number.isSafeInteger(gateVersion) || (gateVersion as number) < 1 || (gateVersion as number) > maxInt4)
    throw new Refusal('invalid', 'message.invalid-money', 'gateVersion must be a whole number from 1')
  return {
    orderId: parseUuid(data.orderId, 'message.invalid-order-id', 'orderId') as OrderId,
    gateVersion: gateVersion as number,
    trace,
  }
}

/** The column that keeps it. */
const maxInt4 = 2_147_483_647

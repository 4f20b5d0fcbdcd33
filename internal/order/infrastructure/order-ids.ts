import { Refusal } from '../../platform/refusal.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { OrderId } from '../domain/order.ts'

export const orderIdOf = (id: string): OrderId =>
  parseUuid(id, 'order.invalid-id', "an order's id") as OrderId

/** As many as a page has. */
const maxIds = 100

/** Each once. */
export function orderIdsOf(ids: readonly string[]): readonly OrderId[] {
  if (ids.length > maxIds)
    throw new Refusal('invalid', 'request.invalid', `ask for at most ${maxIds} orders at once`)
  return [...new Set(ids.map(orderIdOf))]
}

import type { Trace } from '../../platform/call.ts'
import type { Refusal } from '../../platform/refusal.ts'
import { applyMoney, type Extension, type Money } from '../domain/money.ts'
import type { OrderId } from '../domain/order.ts'
import type { OrderFiles } from './order-files.ts'
import type { Till } from './pay-orders.ts'
import { unknownOrder } from './settle-created-orders.ts'

type Deps = {
  readonly files: OrderFiles
  readonly now: () => Date
  /** How long after a checkout stock is held for a customer who is at a provider's page. */
  readonly actionHoldSeconds?: number
  /** The same for one who pays at the bank; undefined: without an end. */
  readonly offlineHoldSeconds?: number | undefined
  readonly till?: Pick<Till<unknown>, 'methods'>
}

export type ToldMoney = { readonly orderId: OrderId; readonly money: Money; readonly trace: Trace }

/** Keeps what the payments tell of orders' money. An event that is repeated, or older than what is known, changes nothing. */
export function keepMoney(deps: Deps) {
  const { files, now } = deps
  return async (told: readonly ToldMoney[]): Promise<readonly (Refusal | undefined)[]> => {
    const refusals: (Refusal | undefined)[] = []
    for (const { orderId, money, trace } of told) {
      const extension = await extensionFor(deps, money)
      const file = await files.update({
        ...{ id: orderId, trace },
        decide: (before) => applyMoney(before, money, now(), '', extension),
      })
      refusals.push(file ? undefined : unknownOrder(orderId))
    }
    return refusals
  }
}

async function extensionFor(
  { actionHoldSeconds, offlineHoldSeconds, till }: Deps,
  { waitsFor }: Money,
): Promise<Extension | undefined> {
  if (waitsFor === undefined || actionHoldSeconds === undefined) return undefined
  const method = (await till?.methods())?.find(({ id }) => id === waitsFor)
  return { seconds: method?.isOffline ? offlineHoldSeconds : actionHoldSeconds }
}

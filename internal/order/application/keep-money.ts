import type { Trace } from '../../platform/call.ts'
import type { Refusal } from '../../platform/refusal.ts'
import { someThingsAtOnce } from '../../platform/some-at-once.ts'
import { applyMoney, type Extension, type Money } from '../domain/money.ts'
import type { Order, OrderId } from '../domain/order.ts'
import { isReceiptDue } from '../domain/receipt.ts'
import type { OrderFiles } from './order-files.ts'
import type { Till } from './pay-orders.ts'
import { unknownOrder } from './settle-created-orders.ts'
import { ofOrder, type ToldOrder } from './stock.ts'

type Deps = {
  readonly files: OrderFiles
  /** Has receipts issued. Absent: the sweeper does. */
  readonly issue?: (told: readonly ToldOrder[]) => Promise<readonly (Refusal | undefined)[]>
  readonly now: () => Date
  /** How long after a checkout stock is held for a customer who is at a provider's page. */
  readonly actionHoldSeconds?: number
  /** The same for one who pays at the bank; undefined: without an end. */
  readonly offlineHoldSeconds?: number | undefined
  readonly till?: Pick<Till<unknown>, 'methods'>
}

/** Each waits for its row. One after the other, orders would know of their money minutes late on a busy machine. */
const atOnce = 8

export type ToldMoney = { readonly orderId: OrderId; readonly money: Money; readonly trace: Trace }

/**
 * Keeps what the payments tell of orders' money. An event that is repeated, or older than what is known, changes nothing.
 * An order that becomes paid tells so, and its receipt follows from that. One that had been shipped before, or whose money
 * was only authorized, tells nothing, so its receipt is issued here; if that fails, it is left to the sweeper.
 */
export function keepMoney(deps: Deps) {
  const { issue } = deps
  const keep = keepOne(deps)
  return async (told: readonly ToldMoney[]): Promise<readonly (Refusal | undefined)[]> => {
    const kept = await someThingsAtOnce(told, ofOrder, atOnce, keep)
    const due = told.filter((_, place) => kept[place] === 'silently paid')
    const issued = due.length > 0 ? await issue?.(due.map(({ orderId, trace }) => ({ orderId, trace }))) : []
    return told.map((each, place) =>
      kept[place] === 'unknown' ? unknownOrder(each.orderId) : issued?.[due.indexOf(each)],
    )
  }
}

function keepOne(deps: Deps) {
  const { files, now } = deps
  return async ({ orderId, money, trace }: ToldMoney): Promise<'kept' | 'silently paid' | 'unknown'> => {
    const extension = await extensionFor(deps, money)
    let seen: Order | undefined
    const file = await files.update({
      ...{ id: orderId, trace },
      decide(before) {
        seen = before.order
        return applyMoney(before, money, now(), '', extension)
      },
    })
    if (!file) return 'unknown'
    return seen && isSilentlyPaid(seen, file.order, money) ? 'silently paid' : 'kept'
  }
}

/** Also where staff have recorded the money, and the order knew of it before this message came. */
const isSilentlyPaid = (before: Order, after: Order, { gateVersion }: Money): boolean =>
  isReceiptDue(after) &&
  before.status === after.status &&
  (!before.moneyTaken || before.gateVersion === gateVersion)

async function extensionFor(
  { actionHoldSeconds, offlineHoldSeconds, till }: Deps,
  { waitsFor }: Money,
): Promise<Extension | undefined> {
  if (waitsFor === undefined || actionHoldSeconds === undefined) return undefined
  const method = (await till?.methods())?.find(({ id }) => id === waitsFor)
  return { seconds: method?.isOffline ? offlineHoldSeconds : actionHoldSeconds }
}

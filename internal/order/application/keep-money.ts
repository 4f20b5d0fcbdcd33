import type { Trace } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { someAtOnce } from '../../platform/some-at-once.ts'
import { applyMoney, type Extension, type Money } from '../domain/money.ts'
import type { Order, OrderId } from '../domain/order.ts'
import { isReceiptDue } from '../domain/receipt.ts'
import { isCaptureDue } from './capture-packed.ts'
import type { OrderFiles } from './order-files.ts'
import type { Till } from './pay-orders.ts'
import type { GateToRead, Payments } from './payments.ts'
import { unknownOrder } from './settle-created-orders.ts'
import type { ToldOrder } from './stock.ts'

type Deps = {
  readonly files: OrderFiles
  readonly payments: Pick<Payments, 'readMoney' | 'captureForGoods'>
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

/** An event says that something has become of the order's money, and not what: that the payments are asked. */
export type ToldMoney = GateToRead & { readonly trace: Trace }

/**
 * Keeps what the payments say of the money of orders of which they have told. Events that are repeated, or older than what
 * is known, change nothing, and several of one order are one change. An order that becomes paid tells so, and its receipt
 * follows from that. One that had been shipped before, or whose money was only authorized, tells nothing, so its receipt is
 * issued here; if that fails, it is left to the sweeper.
 */
export function keepMoney(deps: Deps) {
  const { issue, payments } = deps
  const keep = keepOne(deps)
  return async (told: readonly ToldMoney[]): Promise<readonly (Refusal | undefined)[]> => {
    const newest = newestOfEach(told)
    const money = await moneyOf(payments, newest)
    const kept = new Map<OrderId, Kept>()
    await someAtOnce(newest, atOnce, async (each) => {
      const known = money.get(each.orderId)
      if (known) kept.set(each.orderId, await keep(each, known))
    })
    const toCapture = newest.filter(({ orderId }) => kept.get(orderId) === 'to capture')
    if (toCapture[0])
      await payments.captureForGoods(
        toCapture.map(({ orderId }) => orderId),
        toCapture[0].trace,
      )
    const due = newest.filter(({ orderId }) => kept.get(orderId) === 'silently paid')
    const issued = due.length > 0 ? await issue?.(due.map(({ orderId, trace }) => ({ orderId, trace }))) : []
    const refusals = new Map(due.map(({ orderId }, place) => [orderId, issued?.[place]]))
    return told.map(({ orderId }) => {
      if (!money.has(orderId)) return unknownMoney(orderId)
      return kept.get(orderId) === 'unknown' ? unknownOrder(orderId) : refusals.get(orderId)
    })
  }
}

/** What the payments say now, at least up to what they have told. */
export async function moneyOf(
  payments: Pick<Payments, 'readMoney'>,
  told: readonly ToldMoney[],
): Promise<ReadonlyMap<OrderId, Money>> {
  const [first] = told
  return first ? payments.readMoney(told, first.trace) : new Map()
}

/** Somebody else has written the event, or the payments have lost what they knew. */
export const unknownMoney = (orderId: OrderId): Refusal =>
  new Refusal('invalid', 'message.unknown-money', `the payments know nothing of order ${orderId}`)

export function newestOfEach(told: readonly ToldMoney[]): readonly ToldMoney[] {
  const newest = new Map<OrderId, ToldMoney>()
  for (const each of told)
    if (each.gateVersion > (newest.get(each.orderId)?.gateVersion ?? 0)) newest.set(each.orderId, each)
  return [...newest.values()]
}

/** to capture: it was authorized after goods had been packed. */
type Kept = 'kept' | 'silently paid' | 'to capture' | 'unknown'

function keepOne(deps: Deps) {
  const { files, now } = deps
  return async ({ orderId, trace }: ToldMoney, money: Money): Promise<Kept> => {
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
    if (money.authorizedMinor > 0n && isCaptureDue(file.order)) return 'to capture'
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
  { attempt, method: wanted }: Money,
): Promise<Extension | undefined> {
  if ((attempt !== 'waiting' && attempt !== 'processing') || actionHoldSeconds === undefined) return undefined
  const method = (await till?.methods())?.find(({ id }) => id === wanted)
  if (method?.isOffline) return { seconds: offlineHoldSeconds }
  const seconds = attempt === 'processing' ? (method?.processesForSeconds ?? 0) : 0
  return { seconds: Math.max(actionHoldSeconds, seconds) }
}

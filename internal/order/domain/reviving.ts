import { withChange, withOrder, type FileChange, type OrderFile } from './order-file.ts'
import { revive, type Order, type PaymentStatus, type ProductId } from './order.ts'
import { owedLines } from './payable.ts'

// Money that comes late revives an expired order if its stock can be held again. Until that is known the order is
// reviving, which its status does not show. Who of several says how it ends is decided by the order's row.

/** An order that has been expired for longer is not revived; the money goes back. */
const revivableMs = 24 * 60 * 60_000

const covered: readonly PaymentStatus[] = ['authorized', 'paid', 'overpaid']

/**
 * Begins to revive an order whose money is there, once for each time that it has expired. What of it was packed is the
 * customer's, and is paid for as such: then only the rest of the money goes back. An order whose buyer was erased can be
 * sent to nobody, so its money goes back as well. Undefined: there is nothing to revive, or the stock or the promotions of
 * the hold before are not released yet: they go by its number.
 */
export function beginRevival(file: OrderFile, at: Date): FileChange | undefined {
  const { order } = file
  const { status, reviving, awaitingRelease, awaitingCart, paymentStatus, holdNo } = order
  const ends = order.history.filter((change) => change.status === 'expired')
  const end = ends.at(-1)
  const isGivenBack = !awaitingRelease && !awaitingCart
  const isOpen = status === 'expired' && !reviving && isGivenBack && holdNo <= ends.length
  const isYoung = end !== undefined && at.getTime() - end.at.getTime() < revivableMs
  const isWhole = order.lines.every(({ packed }) => packed === 0) && wantedLines(order).length > 0
  if (!isOpen || !isYoung || !isWhole || isErased(order) || !covered.includes(paymentStatus)) return undefined
  return {
    state: withOrder(file, { ...order, holdNo: holdNo + 1, reviving: { since: at, isOff: false } }),
    events: [],
  }
}

/** Whoever bought it was erased, and with them where it was to be sent. */
const isErased = ({ buyer }: Order): boolean => buyer?.delivery.line1 === ''

/** Its stock is held and its gate is open: it is paid. Undefined: somebody else has ended it. */
export function completeRevival(file: OrderFile, holdNo: number, at: Date): FileChange | undefined {
  const { order } = file
  if (!order.reviving || order.reviving.isOff || order.holdNo !== holdNo) return undefined
  return withChange(file, revive(order, at))
}

/** It stays expired: from now on nobody completes it, and what is held for it and its money go back. */
export function giveUpRevival(file: OrderFile, holdNo: number): FileChange | undefined {
  const { order } = file
  if (!order.reviving || order.reviving.isOff || order.holdNo !== holdNo) return undefined
  return { state: withOrder(file, { ...order, reviving: { ...order.reviving, isOff: true } }), events: [] }
}

/** All has gone back. */
export function endRevival(file: OrderFile, holdNo: number): FileChange | undefined {
  const { order } = file
  if (!order.reviving?.isOff || order.holdNo !== holdNo) return undefined
  return { state: withOrder(file, { ...order, reviving: undefined }), events: [] }
}

/** What has to be held again: all that was not found short. */
export function wantedLines({
  lines,
}: Order): readonly { readonly productId: ProductId; readonly quantity: number }[] {
  return lines
    .map(({ productId, quantity, canceled }) => ({ productId, quantity: quantity - canceled }))
    .filter(({ quantity }) => quantity > 0)
}

/** What it would come to if it were confirmed, with units that were short: the payments know of those. */
export const owedAgain = (order: Order): bigint =>
  owedLines({ ...order, status: 'confirmed', paymentStatus: 'unpaid' }).reduce(
    (sum, { totalMinor }) => sum + totalMinor,
    0n,
  )

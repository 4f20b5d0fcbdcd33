import { Refusal } from '../../platform/refusal.ts'
import { amountsOf, balanceOf, type Account, type Payment, type Refund, type RefundLine } from './account.ts'
import { excessMinor } from './excess.ts'
import { notOwed, unitsByHand } from './goods-units.ts'
import { shareFreely, worthOf } from './line-rest.ts'
import type { NewId } from './ids.ts'
import { addRefund } from './settle.ts'

export type RefundRequest = {
  /** Undefined: what the lines come to or, without lines, all that can be refunded. */
  readonly amountMinor: bigint | undefined
  readonly lines: readonly RefundLine[]
  readonly reason: string
}

/**
 * Orders money back, from the payments given, and reserves it. Together they never give back more than was taken: the
 * caller holds the gate's lock.
 */
export function requestRefund(
  account: Account,
  payments: readonly Payment[],
  request: RefundRequest,
  at: Date,
  newId: NewId,
): { readonly account: Account; readonly refunds: readonly Refund[] } {
  const lines = pricedLines(account, request.lines)
  const balances = payments.map((payment) => balanceOf(payment, account.refunds))
  const balance = balances.reduce((sum, each) => sum + each, 0n)
  const amount =
    request.amountMinor ??
    (lines.length > 0 ? lines.reduce((sum, line) => sum + line.amountMinor, 0n) : balance)
  if (amount > balance) throw exceedsBalance(balance)
  if (amount <= 0n && request.amountMinor !== undefined)
    throw new Refusal('invalid', 'refund.invalid-amount', 'refund more than nothing')
  let left = amount
  const known = new Set(account.refunds.map(({ id }) => id))
  const after = payments.reduce((all, payment, index) => {
    const part = least(left, balances[index] ?? 0n)
    left -= part
    return part > 0n ? addPart(all, payment, part, { ...request, lines }, at, newId) : all
  }, account)
  return { account: after, refunds: after.refunds.filter(({ id }) => !known.has(id)) }
}

export const exceedsBalance = (balanceMinor: bigint): Refusal =>
  new Refusal('conflict', 'refund.exceeds-balance', 'that is more than can be given back', {
    balanceMinor: String(balanceMinor),
  })

/** What is too much anyway is given back first, and the order owes as much as before. The rest falls to lines. */
function addPart(
  account: Account,
  payment: Payment,
  amountMinor: bigint,
  { lines, reason }: RefundRequest,
  at: Date,
  newId: NewId,
): Account {
  const excess = least(excessMinor(account), amountMinor)
  const creditMinor = amountMinor - excess
  const named = lines.length > 0 ? lines : shareFreely(account, creditMinor)
  const part = { paymentId: payment.id, amountMinor, creditMinor, lines: named, reason }
  return addRefund(account, { ...part, cause: '' }, at, newId)
}

/** Lines at their price after discounts. Single units add up to the whole, whichever way they are given back. */
function pricedLines({ gate, refunds }: Account, lines: readonly RefundLine[]) {
  return lines.map(({ lineId, quantity }) => {
    const line = gate.lines.find((each) => each.lineId === lineId)
    if (!line) throw new Refusal('invalid', 'refund.unknown-line', `the order has no line ${lineId}`)
    const before = unitsByHand(refunds, lineId) + notOwed(line)
    if (quantity <= 0 || before + quantity > line.quantity)
      throw new Refusal('conflict', 'refund.exceeds-line', 'more units than are left of the line', { lineId })
    return { lineId, quantity, amountMinor: worthOf(line, refunds, before, quantity) }
  })
}

/** Nothing was taken, so there is nothing to give back. */
export const hasNothingToGiveBack = (account: Account): boolean => amountsOf(account).capturedMinor === 0n

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

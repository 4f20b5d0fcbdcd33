import { balanceOf, goodsMinor, type Account, type Refund, type RefundLine } from './account.ts'
import { newAccount, type Beginning } from './begin.ts'
import { sharesOf } from './excess.ts'
import { withGate } from './gate.ts'
import { causeOfGoods, notOwed } from './goods-units.ts'
import { withDue } from './goods.ts'
import type { NewId } from './ids.ts'
import { addRefund, settle } from './settle.ts'

export type ToldGoods = Pick<Beginning, 'orderId' | 'userId' | 'dueMinor' | 'currency' | 'lines'> & {
  readonly reason: string
  /** Of an order that has ended. */
  readonly keepMinor: bigint | undefined
}

export type Credited = { readonly account: Account; readonly refunds: readonly Refund[] }

/**
 * Units were short, came back, or were unpacked after the end. The order owes less from now on; what was taken for them goes
 * back from whoever paid last, and what was only authorized is not captured.
 */
export function creditGoods(before: Account | undefined, told: ToldGoods, at: Date, newId: NewId): Credited {
  if (before && isEmpty(before)) return { account: before, refunds: [] }
  const account = before ?? newAccount({ ...told, orderCapture: 'at-once' }, at)
  const counted = withKept(withDue(account, told.dueMinor, told.lines, at), told.keepMinor, at)
  if (counted === before) return { account: counted, refunds: [] }
  const refunded = mayGiveBack(counted, at) ? giveBack(account, counted, told.reason, at, newId) : counted
  const known = new Set(account.refunds.map(({ id }) => id))
  const settled = settle(refunded, at, newId)
  return { account: settled, refunds: settled.refunds.filter(({ id }) => !known.has(id)) }
}

/** The order has ended, and nobody had begun to pay for it. */
const isEmpty = ({ gate, payments }: Account): boolean => gate.status === 'closed' && payments.length === 0

/** A parcel that is unpacked after the end of its order is not owed. What was decided to be kept falls and never rises. */
function withKept(account: Account, keepMinor: bigint | undefined, at: Date): Account {
  const { status, keepMinor: known } = account.gate
  if (status !== 'closed' || keepMinor === undefined || keepMinor >= known) return account
  return withGate(account, { keepMinor }, at)
}

/** While the end of the order is being decided, or late money waits, what is too much is found later. */
const mayGiveBack = ({ gate: { status, lateUntil } }: Account, at: Date): boolean =>
  status === 'open' || (status === 'closed' && (lateUntil === undefined || at >= lateUntil))

function giveBack(before: Account, counted: Account, reason: string, at: Date, newId: NewId): Account {
  const lines = newlyNotOwed(before, counted)
  const units = counted.gate.lines.reduce((sum, line) => sum + notOwed(line), 0)
  let toName = lines
  return partsOf(before, counted).reduce((all, { paymentId, amountMinor }) => {
    const cause = lines.length === 0 ? '' : `${causeOfGoods(units)}/${paymentId}`
    const wanted = { paymentId, amountMinor, creditMinor: 0n, lines: toName, reason, cause }
    toName = [] // a unit is named once, also when two payments give it back
    return addRefund(all, wanted, at, newId)
  }, counted)
}

type Part = { readonly paymentId: Refund['paymentId']; readonly amountMinor: bigint }

/** Money that was kept on purpose when the order was canceled does not make a refund for goods smaller. */
function partsOf(before: Account, counted: Account): readonly Part[] {
  if (!counted.gate.keepsMoney)
    return sharesOf(counted)
      .map(({ payment, excessMinor }) => ({ paymentId: payment.id, amountMinor: excessMinor }))
      .filter(({ amountMinor }) => amountMinor > 0n)
  let left = goodsMinor(counted.gate) - goodsMinor(before.gate)
  return counted.payments.flatMap((payment) => {
    const balance = balanceOf(payment, counted.refunds)
    const amountMinor = left < balance ? left : balance
    left -= amountMinor
    return amountMinor > 0n ? [{ paymentId: payment.id, amountMinor }] : []
  })
}

function newlyNotOwed(before: Account, counted: Account): readonly RefundLine[] {
  return counted.gate.lines.flatMap((line) => {
    const known = before.gate.lines.find(({ lineId }) => lineId === line.lineId)
    const quantity = notOwed(line) - (known ? notOwed(known) : 0)
    return quantity > 0 ? [{ lineId: line.lineId, quantity }] : []
  })
}

import type { Charge } from './charges.ts'
import type { EndState } from './end-state.ts'
import type { Entry } from './history.ts'
import { judgeMoney, type MoneyMoved } from './judge-money.ts'
import type { MessagesMoved } from './messages/judge-messages.ts'
import { judgeAdjustments, judgeStock } from './judge-stock.ts'
import { judgeCarts, judgeCheckouts } from './judge-checkouts.ts'
import { judgeDocuments } from './judge-documents.ts'
import { judgeOrders } from './judge-orders.ts'
import { judgePromotions } from './judge-promotions.ts'
import { judgeStaff } from './judge-staff.ts'
import { operationsOf } from './operations.ts'
import type { Class, ClassCounts, Rule } from './rule.ts'

export type Verdict = {
  readonly operations: ClassCounts
  readonly rules: readonly Rule[]
  readonly lost: number
  readonly doubled: number
  /** The number of units that were sold beyond what was in stock. */
  readonly oversold: number
  readonly money: MoneyMoved
  /** Undefined when nobody got messages. */
  readonly messages?: MessagesMoved
}

/** Compares every answer that a client got with what is stored in the end, and with what the provider believes. */
export function judge(entries: readonly Entry[], end: EndState, charges: readonly Charge[]): Verdict {
  const operations = operationsOf(entries)
  const products = entries.flatMap((entry) => (entry.t === 'product' ? [entry] : []))
  const orders = judgeOrders(operations, end)
  const adjustments = judgeAdjustments(operations, end)
  const stock = judgeStock(products, end)
  const money = judgeMoney(operations, end, charges)
  const judged = [
    ...[orders, judgeCheckouts(operations, end), judgeCarts(operations, end), adjustments],
    ...[money, judgeStaff(operations, end)],
  ]
  const counts = Object.fromEntries(judged.flatMap((each) => Object.entries(each.counts)))
  const promotions = entries.flatMap((entry) => (entry.t === 'promotion' ? [entry] : []))
  const sum = (name: Class): number =>
    Object.values(counts).reduce((total, ofKind) => total + (ofKind[name] ?? 0), 0)
  return {
    operations: counts,
    rules: [
      ...judged.flatMap(({ rules }) => rules),
      ...[...stock.rules, ...judgePromotions(promotions, end), ...judgeDocuments(end)],
    ],
    lost: sum('lost'),
    doubled: sum('doubled'),
    oversold: stock.oversold,
    money: money.money,
  }
}

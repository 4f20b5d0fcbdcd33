import type { EndDocument } from './end-buying.ts'
import type { EndOrder, EndState } from './end-state.ts'
import { isPaid, wasPaid } from './order-life.ts'
import { groupBy, ruleOf, type Rule } from './rule.ts'

/** Compares receipts and credit notes with the orders that were paid. */
export function judgeDocuments({ orders, documents }: EndState): readonly Rule[] {
  const ofOrder = groupBy(documents, ({ order }) => order)
  const known = new Set(orders.map(({ id }) => id))
  return [
    ruleOf('an order that is paid has one receipt, over its price, and no other has one', orders, (order) =>
      receiptTrouble(order, ofOrder.get(order.id) ?? []),
    ),
    ruleOf('a document is about an order that there is', documents, ({ order, series, number }) =>
      known.has(order) ? undefined : `${series}-${number} is about ${order}`,
    ),
    ruleOf(
      'the numbers of documents have no gaps, and none comes twice',
      [...groupBy(documents, ({ series }) => series)],
      ([series, those]) => {
        const numbers = those.map(({ number }) => number).sort((a, b) => a - b)
        const wrong = numbers.findIndex((number, index) => number !== index + 1)
        return wrong < 0 ? undefined : `${series} has ${numbers[wrong]} in place ${wrong + 1}`
      },
    ),
  ]
}

function receiptTrouble(order: EndOrder, documents: readonly EndDocument[]): string | undefined {
  const receipts = documents.filter(({ kind }) => kind === 'receipt')
  const [receipt] = receipts
  const credited = documents
    .filter(({ kind }) => kind !== 'receipt')
    .reduce((sum, { total }) => sum + total, 0)
  const about = `order ${order.id}, which is ${order.status}, has`
  if (receipts.length > 1) return `${about} ${receipts.length} receipts`
  if (!receipt) return isPaid(order) ? `${about} no receipt` : undefined
  if (!wasPaid(order)) return `${about} a receipt`
  const price = Math.round(order.total * 100)
  const isOver = order.shortUnits > 0 ? receipt.total <= price : receipt.total === price
  if (!isOver) return `${about} a receipt over ${receipt.total} and costs ${price}`
  return credited > receipt.total ? `${about} ${credited} credited of ${receipt.total}` : undefined
}

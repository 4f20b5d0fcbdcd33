import type { Refusal } from '../../platform/refusal.ts'
import { someThingsAtOnce } from '../../platform/some-at-once.ts'
import { awaitingMoney, creditedLines } from '../domain/credited-lines.ts'
import type { Order } from '../domain/order.ts'
import { owedFor } from '../domain/line-money.ts'
import type { OrderFiles } from './order-files.ts'
import type { Payments } from './payments.ts'
import { unknownOrder } from './settle-created-orders.ts'
import { ofOrder, type ToldOrder } from './stock.ts'

type Deps = { readonly files: OrderFiles; readonly payments: Payments }

/** Each waits for the payments. */
const atOnce = 50

/**
 * Tells the payments which units of orders are not owed: those that were short, that came back and are refunded, or that
 * were unpacked after the end. They are told the counts of all lines so far, so this may be repeated and be late; what is
 * marked afterwards only says that nobody has to tell them again.
 */
export function creditGoods({ files, payments }: Deps) {
  return async (told: readonly ToldOrder[]): Promise<readonly (Refusal | undefined)[]> => {
    return someThingsAtOnce(told, ofOrder, atOnce, async ({ orderId, trace }) => {
      const file = await files.find(orderId)
      if (!file) return unknownOrder(orderId)
      const waiting = awaitingMoney(file)
      if (waiting.shipments.length + waiting.returns.length === 0) return undefined
      await payments.creditGoods({
        ...{ order: file.order, lines: creditedLines(file), trace },
        keepMinor: isOver(file.order) ? owedFor(file.order, ({ packed }) => packed) : undefined,
        reason: waiting.returns.length > 0 ? 'goods came back' : 'goods were not sent',
      })
      await files.markCredited(waiting)
      return undefined
    })
  }
}

const isOver = ({ status }: Order): boolean => status === 'canceled' || status === 'expired'

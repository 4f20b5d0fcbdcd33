import type {
  GateToClose,
  GateToReopen,
  GoodsToCredit,
  MoneyByHand,
  Payments,
} from '../application/payments.ts'
import type { GateOutcome } from '../domain/closing.ts'
import type { Money } from '../domain/money.ts'
import type { OrderId, UserId } from '../domain/order.ts'
import { noPayments } from './no-payments.ts'

/** Payments that answer as they are told, and remember what they were asked. */
export function fakePayments() {
  let answer: () => Promise<GateOutcome> = async () => 'uncovered'
  let reopen: () => Promise<boolean> = async () => true
  const closed: GateToClose[] = []
  const recorded: MoneyByHand[] = []
  const credited: GoodsToCredit[] = []
  const reopened: GateToReopen[] = []
  const captured: OrderId[] = []
  const takenOver = new Map<OrderId, UserId>()
  const money = new Map<OrderId, Money>()
  const payments: Payments = {
    async closeGate(gate) {
      closed.push(gate)
      return answer()
    },
    async recordOffline(money) {
      recorded.push(money)
      return noPayments.recordOffline(money)
    },
    async creditGoods(goods) {
      credited.push(goods)
    },
    async reopenGate(gate) {
      reopened.push(gate)
      return reopen()
    },
    readMoney: async (gates) => {
      const known = gates.flatMap(({ orderId }): [OrderId, Money][] => {
        const found = money.get(orderId)
        return found ? [[orderId, found]] : []
      })
      return new Map(known)
    },
    async takeOver(orderIds, userId) {
      for (const id of orderIds) takenOver.set(id, userId)
    },
    async captureForGoods(orderIds) {
      captured.push(...orderIds)
    },
  }
  return {
    ...{ ...payments, closed, recorded, credited, reopened, captured, money, takenOver },
    answerWith: (next: typeof answer) => void (answer = next),
    reopenWith: (next: typeof reopen) => void (reopen = next),
  }
}

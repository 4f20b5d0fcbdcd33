import type { GateToClose, GoodsToCredit, MoneyByHand, Payments } from '../application/payments.ts'
import type { GateOutcome } from '../domain/closing.ts'
import { noPayments } from './no-payments.ts'

/** Payments that answer as they are told, and remember what they were asked. */
export function fakePayments() {
  let answer: () => Promise<GateOutcome> = async () => 'uncovered'
  const closed: GateToClose[] = []
  const recorded: MoneyByHand[] = []
  const credited: GoodsToCredit[] = []
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
  }
  return {
    ...payments,
    closed,
    recorded,
    credited,
    answerWith: (next: typeof answer) => void (answer = next),
  }
}

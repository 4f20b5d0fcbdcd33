import type { GateToClose, Payments } from '../application/payments.ts'
import type { GateOutcome } from '../domain/closing.ts'

/** Payments that answer as they are told, and remember what they were asked. */
export function fakePayments() {
  let answer: () => Promise<GateOutcome> = async () => 'uncovered'
  const closed: GateToClose[] = []
  const payments: Payments = {
    async closeGate(gate) {
      closed.push(gate)
      return answer()
    },
  }
  return { ...payments, closed, answerWith: (next: typeof answer) => void (answer = next) }
}

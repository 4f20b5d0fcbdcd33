import type { GateToClose, GateToReopen, Payments } from '../application/payments.ts'
import type { GateOutcome } from '../domain/closing.ts'

/** Payments that answer as they are told, and remember what they were asked. */
export function fakePayments() {
  let answer: () => Promise<GateOutcome> = async () => 'uncovered'
  let reopen: () => Promise<boolean> = async () => true
  const closed: GateToClose[] = []
  const reopened: GateToReopen[] = []
  const payments: Payments = {
    async closeGate(gate) {
      closed.push(gate)
      return answer()
    },
    async reopenGate(gate) {
      reopened.push(gate)
      return reopen()
    },
  }
  return {
    ...{ ...payments, closed, reopened },
    answerWith: (next: typeof answer) => void (answer = next),
    reopenWith: (next: typeof reopen) => void (reopen = next),
  }
}

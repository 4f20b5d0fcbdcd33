import { withOperation, type Account } from '../domain/account.ts'
import { isSent, isWaiting, triedOnce, type Operation } from '../domain/operation.ts'
import type { DueOperation } from '../application/work.ts'
import { isFresh } from './lease.ts'

/**
 * Operations that this process has taken in the write that stored them, for its own workers: nobody has to look for
 * them, and no other process finds them before their lease ends.
 */
export type HandedOperations = {
  /** What is to be stored, with those taken that are new in it and due. */
  readonly take: (before: Account | undefined, decided: Account, at: Date) => Account
  /** To be called when that has been stored. */
  readonly hand: (before: Account | undefined, stored: Account, at: Date) => void
  /** Some that nobody has begun yet. One whose lease may end before its answer is left to the next look. */
  readonly next: (limit: number, now: Date) => readonly DueOperation[]
}

/** More than that wait for a provider that is slow. Then they are better off where every process finds them. */
const maxWaiting = 64

export function handOperations(): HandedOperations {
  let waiting: readonly (DueOperation & { readonly takenAt: Date })[] = []
  return {
    take(before, decided, at) {
      if (waiting.length >= maxWaiting) return decided
      return newOf(before, decided)
        .filter((operation) => isWaiting(operation) && !isSent(operation) && operation.nextAt <= at)
        .reduce((account, operation) => withOperation(account, triedOnce(operation, at)), decided)
    },
    hand(before, stored, at) {
      const { orderId } = stored.gate
      const taken = newOf(before, stored).filter((operation) => isWaiting(operation) && isSent(operation))
      const due = taken.flatMap((operation) => {
        const payment = stored.payments.find(({ id }) => id === operation.paymentId)
        return payment
          ? [{ orderId, provider: payment.provider, operation, step: 'call' as const, takenAt: at }]
          : []
      })
      waiting = [...waiting, ...due]
    },
    next(limit, now) {
      const fresh = waiting.filter(({ takenAt }) => isFresh(takenAt, now))
      waiting = fresh.slice(limit)
      return fresh.slice(0, limit)
    },
  }
}

const newOf = (before: Account | undefined, { operations }: Account): readonly Operation[] => {
  const known = before?.operations ?? []
  return operations.filter(({ id }) => !known.some((each) => each.id === id))
}

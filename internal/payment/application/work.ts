import type { Money } from '../../platform/money.ts'
import type { Operation, Step, StepRules } from '../domain/operation.ts'
import type { OrderId, PaymentId } from '../domain/ids.ts'

export type DueOperation = {
  readonly orderId: OrderId
  readonly provider: string
  readonly operation: Operation
  readonly step: Step
}

export type DueReading = {
  readonly orderId: OrderId
  readonly paymentId: PaymentId
  readonly provider: string
  readonly ref: string
}

export type DueMessage = {
  readonly id: string
  readonly provider: string
  /** The provider's id of the payment. */
  readonly resource: string
  /** How often it has come so far. */
  readonly seen: number
  readonly tries: number
  /** Since then it waits to be handled. */
  readonly receivedAt: Date
  readonly captured: Money | undefined
}

export type DueComparison = {
  readonly provider: string
  readonly from: Date
  readonly to: Date
  readonly cursor: string | undefined
}

export type NextDue = Readonly<Partial<Record<WorkKind, Date>>>

export type WorkKind = 'operation' | 'message' | 'reading' | 'late' | 'comparison'

/**
 * What is to be done with providers, as it stands in the database. Whoever takes a piece has it until its lease ends, so
 * that replicas do not do it twice, and a process that dies leaves it to another one.
 */
export type Work = {
  /**
   * Says in the same transaction that the provider is being asked: from then on the operation can't be taken back here.
   */
  readonly takeOperations: (
    now: Date,
    limit: number,
    rulesOf: (provider: string) => StepRules,
  ) => Promise<readonly DueOperation[]>
  readonly takeReadings: (now: Date, limit: number) => Promise<readonly DueReading[]>
  readonly takeMessages: (now: Date, limit: number) => Promise<readonly DueMessage[]>
  /** Orders whose late money has waited long enough. */
  readonly lateOrders: (now: Date, limit: number) => Promise<readonly OrderId[]>
  readonly takeComparison: (now: Date, providers: readonly string[]) => Promise<DueComparison | undefined>
  readonly moveComparison: (
    comparison: DueComparison,
    next: { readonly cursor: string | undefined; readonly at: Date },
  ) => Promise<void>
  /** When the next piece of each kind is due; a kind of which nothing waits has no time. */
  readonly nextDue: (now: Date, providers: readonly string[]) => Promise<NextDue>
  /** The payment is read as soon as possible. False when it is final, or was read a moment ago. */
  readonly readSoon: (paymentId: PaymentId, now: Date) => Promise<boolean>
  /** The message is handled as often as it had come when it was taken; if it has come again, it stays. */
  readonly endMessage: (message: DueMessage, status: 'done' | 'ignored', now: Date) => Promise<void>
  readonly putOffMessage: (
    message: DueMessage,
    put: { readonly nextAt: Date; readonly error: string; readonly isDead: boolean },
  ) => Promise<void>
}

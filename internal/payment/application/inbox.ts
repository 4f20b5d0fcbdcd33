import type { Trace } from '../../platform/call.ts'
import type { Money } from '../../platform/money.ts'

export type NewMessage = {
  readonly provider: string
  /** Undefined: the provider gives its messages no id, and the same message may say something new. */
  readonly eventId: string | undefined
  readonly resource: string
  readonly what: string
  readonly captured?: Money | undefined
}

export type DeadMessage = NewMessage & {
  readonly id: string
  readonly reason: string
  readonly tries: number
  readonly receivedAt: Date
}

/** What providers have told. */
export type Inbox = {
  /** Committed when it answers. It is handled from `dueAt` on. The same event is stored once; a hint without an id counts up. */
  readonly receive: (message: NewMessage, at: Date, dueAt?: Date) => Promise<void>
  readonly dead: (limit: number) => Promise<readonly DeadMessage[]>
  /** A dead message is handled again. False when there is no such message. */
  readonly requeue: (id: string, at: Date, trace?: Trace) => Promise<boolean>
  /** True when it was not known yet. */
  readonly suspend: (
    money: {
      readonly provider: string
      readonly ref: string
      readonly amountMinor: bigint
      readonly currency: string
    },
    at: Date,
  ) => Promise<boolean>
  readonly countByStatus: () => Promise<Readonly<Record<string, number>>>
}

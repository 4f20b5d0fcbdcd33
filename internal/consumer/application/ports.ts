import type { Once, Trace } from '../../platform/call.ts'
import type { DeadLetter, DeadLetterId, DeadLetterStatus } from '../domain/dead-letter.ts'

export type DeadLetterFilter = {
  readonly status: DeadLetterStatus | undefined
  readonly after: DeadLetterId | undefined
  readonly limit: number
}

export type DeadLetters = {
  /** Stores a dead letter, unless there is one with the same (subscription, messageKey) already. */
  readonly add: (letter: DeadLetter) => Promise<void>
  readonly find: (id: DeadLetterId) => Promise<DeadLetter | undefined>
  /** The dead letters, newest first. */
  readonly page: (
    filter: DeadLetterFilter,
  ) => Promise<{ readonly letters: readonly DeadLetter[]; readonly next: DeadLetterId | undefined }>
  /** The letter that the same request has resolved. Refuses a key that was used with another request. */
  readonly findByRequest: (once: Once) => Promise<DeadLetter | undefined>
  /** Stores the new status if the old one is still `from`. Returns false if somebody else was quicker. */
  readonly resolve: (
    letter: DeadLetter,
    from: DeadLetterStatus,
    once?: Once,
    trace?: Trace,
  ) => Promise<boolean>
  readonly countOpen: () => Promise<number>
}

/** Publishes a dead letter again: the same ce-id under a new message id. Idempotent by (letter, requeues). */
export type Republish = (letter: DeadLetter) => Promise<void>

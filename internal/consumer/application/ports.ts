import type { DeadLetter, DeadLetterId, DeadLetterStatus } from '../domain/dead-letter.ts'

export type DeadLetterFilter = {
  readonly status: DeadLetterStatus | undefined
  readonly after: DeadLetterId | undefined
  readonly limit: number
}

export type DeadLetters = {
  /** A letter with a known (subscription, messageKey) is not stored again. */
  readonly add: (letter: DeadLetter) => Promise<void>
  readonly find: (id: DeadLetterId) => Promise<DeadLetter | undefined>
  /** Newest first. */
  readonly page: (
    filter: DeadLetterFilter,
  ) => Promise<{ readonly letters: readonly DeadLetter[]; readonly next: DeadLetterId | undefined }>
  /** Stores the new status if the old one still is `from`; false if somebody was quicker. */
  readonly resolve: (letter: DeadLetter, from: DeadLetterStatus) => Promise<boolean>
  readonly countOpen: () => Promise<number>
}

/** Publishes a dead letter again: the same ce-id under a new message id. Idempotent by (letter, requeues). */
export type Republish = (letter: DeadLetter) => Promise<void>

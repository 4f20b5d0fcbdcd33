import type { Brand } from '../../platform/brand.ts'
import { Refusal } from '../../platform/refusal.ts'

export type DeadLetterId = Brand<string, 'DeadLetterId'>

const transitions = {
  open: ['requeued', 'discarded'],
  requeued: [],
  discarded: [],
} as const

export type DeadLetterStatus = keyof typeof transitions

export const deadLetterStatuses = Object.keys(transitions) as readonly DeadLetterStatus[]

/** A message that a subscription gave up. It is kept whole, so that it can be published again. */
export type DeadLetter = {
  readonly id: DeadLetterId
  readonly subscription: string
  /**
   * The event's id and requeue count or, without an id, the message's position. It keeps a letter from being stored
   * twice.
   */
  readonly messageKey: string
  readonly stream: string
  readonly streamSequence: bigint
  readonly subject: string
  /** Empty when the message has no event id. */
  readonly eventId: string
  readonly status: DeadLetterStatus
  readonly code: string
  readonly error: string
  readonly deliveries: number
  readonly data: Uint8Array
  readonly headers: readonly Header[]
  readonly deadAt: Date
  readonly resolution: string
  readonly requeues: number
}

export type Header = { readonly name: string; readonly value: string }

/** The message is published once more. If it fails again, it becomes another dead letter. */
export function requeue(letter: DeadLetter): DeadLetter {
  return { ...moveTo(letter, 'requeued'), requeues: letter.requeues + 1 }
}

export function discard(letter: DeadLetter, reason: string): DeadLetter {
  return { ...moveTo(letter, 'discarded'), resolution: reason }
}

function moveTo(letter: DeadLetter, status: DeadLetterStatus): DeadLetter {
  const allowed: readonly DeadLetterStatus[] = transitions[letter.status]
  if (!allowed.includes(status)) {
    throw new Refusal(
      'conflict',
      `dead-letter.${letter.status}`,
      `a ${letter.status} dead letter cannot be ${status}`,
    )
  }
  return { ...letter, status }
}

import type { StoredEvent } from './stored-event.ts'

/** The broker's answer to one publication. */
export type Answer =
  | { readonly kind: 'stored'; readonly streamSeq: number }
  /** The broker will not take this very message: too large, no such stream, … */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Full, busy, away, or no answer in time (then it may be stored: the same message id goes out again). */
  | { readonly kind: 'later'; readonly reason: string }

/** What becomes of the event in the outbox. */
export type Mark =
  | { readonly kind: 'published'; readonly event: StoredEvent; readonly streamSeq: number }
  | {
      readonly kind: 'retry'
      readonly event: StoredEvent
      readonly attempts: number
      readonly notBefore: Date
      readonly reason: string
    }
  | {
      readonly kind: 'parked'
      readonly event: StoredEvent
      readonly attempts: number
      readonly reason: string
    }

/** After so many refusals the event is parked and an operator has to look. It holds back only its own aggregate. */
export const maxAttempts = 20
const firstRetryMs = 100
const longestRetryMs = 30_000

/** Returns undefined when the event stays unpublished and is tried again soon. */
export function markOf(event: StoredEvent, answer: Answer, now: Date): Mark | undefined {
  switch (answer.kind) {
    case 'stored':
      return { kind: 'published', event, streamSeq: answer.streamSeq }
    case 'later':
      return undefined
    case 'refused': {
      const attempts = event.attempts + 1
      if (attempts >= maxAttempts) return { kind: 'parked', event, attempts, reason: answer.reason }
      const delayMs = Math.min(firstRetryMs * 2 ** event.attempts, longestRetryMs)
      return {
        kind: 'retry',
        event,
        attempts,
        notBefore: new Date(now.getTime() + delayMs),
        reason: answer.reason,
      }
    }
  }
}

/**
 * The broker drops a second publication under the same id. The generation is part of the id, so that the publication
 * that replaces a lost event is not dropped.
 */
export function messageId(event: StoredEvent): string {
  return event.generation === 0 ? event.id : `${event.id}:g${event.generation}`
}

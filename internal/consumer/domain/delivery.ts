/** How the handling of a message ended. */
export type Ending =
  | { readonly kind: 'handled' }
  /** The message itself is refused: handling it again would end in the same way. */
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string }
  /** A bug, perhaps, or a fault that passes. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** A database or a service is away; the message has nothing to do with it. */
  | { readonly kind: 'outage'; readonly reason: string }

export type Verdict =
  | { readonly kind: 'ack' }
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'dead'; readonly code: string; readonly reason: string }

/** After more failed deliveries than this the message becomes a dead letter. */
export const maxFailedDeliveries = 10
const firstDelayMs = 200
const longestDelayMs = 30_000

/** `deliveries` counts from 1; `jitter` is from 0 to 1 and spreads the messages that failed together. */
export function judge(ending: Ending, deliveries: number, jitter: number): Verdict {
  switch (ending.kind) {
    case 'handled':
      return { kind: 'ack' }
    case 'refused':
      return { kind: 'dead', code: ending.code, reason: ending.reason }
    case 'outage':
      return { kind: 'retry', delayMs: delay(deliveries, jitter) }
    case 'failed':
      return deliveries > maxFailedDeliveries
        ? { kind: 'dead', code: 'message.failed', reason: ending.reason }
        : { kind: 'retry', delayMs: delay(deliveries, jitter) }
  }
}

function delay(deliveries: number, jitter: number): number {
  return Math.min(firstDelayMs * 2 ** (deliveries - 1), longestDelayMs) + Math.floor(jitter * firstDelayMs)
}

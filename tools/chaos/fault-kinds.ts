/**
 * What a fault works on. Faults on the same part come one after the other, because otherwise none could prove its
 * effect.
 */
export type Part = 'services' | 'nats' | 'postgres' | 'provider' | 'webhooks' | 'mail'

type Kind = {
  readonly part: Part
  /** How long the plan expects it to take, including its repair. */
  readonly takesMs: number
  readonly what: string
}

/** All faults that can be planned, by the name that `--only` takes. */
export const faultKinds = {
  'service-kill': { part: 'services', takesMs: 6_000, what: 'kill -9 of a service, then a new one' },
  'service-pause': { part: 'services', takesMs: 8_000, what: 'SIGSTOP of a service for 1 to 15 s' },
  'service-stop': { part: 'services', takesMs: 6_000, what: 'SIGTERM of a service, then a new one' },
  'rolling-restart': { part: 'services', takesMs: 14_000, what: 'every service in turn, by SIGTERM' },
  'second-of-all': { part: 'services', takesMs: 10_000, what: 'two producers and two consumers at once' },
  'clock-step': { part: 'services', takesMs: 6_000, what: "a service's clock 2 to 10 minutes off" },
  'fail-insert-commit': { part: 'services', takesMs: 12_000, what: 'death between insert and commit' },
  'fail-commit-wake': { part: 'services', takesMs: 12_000, what: 'death between commit and wake-up' },
  'fail-publish-mark': { part: 'services', takesMs: 12_000, what: 'death between publish and mark' },
  'fail-effect-ack': { part: 'services', takesMs: 12_000, what: 'death between effect and ack' },
  'fail-reserve-settle': { part: 'services', takesMs: 12_000, what: 'death between reserve and settle' },
  'fail-file-commit': { part: 'services', takesMs: 12_000, what: "death before a change of an order's file" },
  'fail-release-mark': { part: 'services', takesMs: 12_000, what: 'death between release and mark' },
  'fail-lock-order': { part: 'services', takesMs: 12_000, what: "death between a cart's lock and its order" },
  'fail-redeem-settle': { part: 'services', takesMs: 12_000, what: 'death between redemption and settle' },
  'fail-begin-mark': {
    part: 'services',
    takesMs: 12_000,
    what: "death between a first payment's begin and mark",
  },
  'fail-cart-mark': {
    part: 'services',
    takesMs: 12_000,
    what: "death between a cart's end and its order's mark",
  },
  'fail-gate-reopened': {
    part: 'services',
    takesMs: 12_000,
    what: "death between late money's gate and its order",
  },
  'fail-paid-receipt': { part: 'services', takesMs: 12_000, what: 'death before a receipt is asked for' },
  'fail-receipt-mark': { part: 'services', takesMs: 12_000, what: 'death between receipt and mark' },
  'fail-money-recorded': {
    part: 'services',
    takesMs: 12_000,
    what: 'death between money at the bank and its order',
  },
  'fail-goods-credited': {
    part: 'services',
    takesMs: 12_000,
    what: 'death between the credit of goods and mark',
  },
  'fail-erase-confirm': {
    part: 'services',
    takesMs: 12_000,
    what: "death between an erasure and its service's word",
  },
  'payment-kill': { part: 'services', takesMs: 6_000, what: 'kill -9 of the payment service' },
  'fail-gate-closed': {
    part: 'services',
    takesMs: 12_000,
    what: "death between a gate's close and its order's end",
  },
  'fail-intent-call': { part: 'services', takesMs: 12_000, what: "death between intent and provider's call" },
  'fail-answer-commit': {
    part: 'services',
    takesMs: 12_000,
    what: "death between provider's answer and commit",
  },
  'fail-inbox-effect': {
    part: 'services',
    takesMs: 12_000,
    what: "death between a webhook's effect and its end",
  },
  'notification-kill': { part: 'services', takesMs: 6_000, what: 'kill -9 of the notification service' },
  'fail-send-answer': {
    part: 'services',
    takesMs: 12_000,
    what: "death between the mail server's answer and commit",
  },
  'fail-webhook-answer': {
    part: 'services',
    takesMs: 12_000,
    what: "death between an endpoint's answer and commit",
  },
  'search-kill': { part: 'services', takesMs: 6_000, what: 'kill -9 of the search service' },

  'nats-kill': { part: 'nats', takesMs: 3_000, what: 'kill -9 of nats-server' },
  'nats-pause': { part: 'nats', takesMs: 8_000, what: 'SIGSTOP of nats-server for 1 to 15 s' },
  'nats-stop': { part: 'nats', takesMs: 3_000, what: 'SIGTERM of nats-server' },
  'store-wiped': {
    part: 'nats',
    takesMs: 4_000,
    what: "the broker's store wiped while messages are unacked",
  },
  'store-old': { part: 'nats', takesMs: 6_000, what: 'an old copy of the store put back' },
  'store-bit': { part: 'nats', takesMs: 4_000, what: "a bit flipped in a stream's block" },
  'store-cut': { part: 'nats', takesMs: 4_000, what: "a stream's block truncated" },
  'stream-deleted': { part: 'nats', takesMs: 4_000, what: 'a stream deleted by hand' },
  'consumer-deleted': { part: 'nats', takesMs: 4_000, what: 'a durable consumer deleted by hand' },
  'stream-full': { part: 'nats', takesMs: 5_000, what: 'the stream takes no more (max_bytes)' },
  'nats-disk-full': { part: 'nats', takesMs: 7_000, what: 'no space for the store' },
  'nats-newer': { part: 'nats', takesMs: 8_000, what: 'another nats-server on the same store, and back' },
  poison: { part: 'nats', takesMs: 4_000, what: 'poison messages among good ones' },
  oversize: { part: 'nats', takesMs: 1_000, what: 'messages that are too large' },
  'nats-slow': { part: 'nats', takesMs: 4_000, what: 'latency between services and NATS' },
  'nats-black-hole': { part: 'nats', takesMs: 5_000, what: 'nothing passes between services and NATS' },
  'nats-reset': { part: 'nats', takesMs: 2_000, what: 'resets in the middle of what NATS says' },
  'nats-half-open': { part: 'nats', takesMs: 14_000, what: 'half-open connections to NATS' },

  'postgres-kill': { part: 'postgres', takesMs: 4_000, what: 'kill -9 of PostgreSQL' },
  'postgres-quit': { part: 'postgres', takesMs: 4_000, what: 'immediate shutdown of PostgreSQL' },
  'postgres-pause': { part: 'postgres', takesMs: 8_000, what: 'SIGSTOP of all of PostgreSQL for 1 to 15 s' },
  'postgres-stop': { part: 'postgres', takesMs: 4_000, what: 'fast shutdown of PostgreSQL' },
  'no-connections': { part: 'postgres', takesMs: 5_000, what: 'PostgreSQL is out of connections' },
  'statement-timeout': {
    part: 'postgres',
    takesMs: 6_000,
    what: 'a lock that outlasts the statement timeout',
  },
  'long-writer': {
    part: 'postgres',
    takesMs: 30_000,
    what: 'a writer that stays in its transaction for 30 s',
  },
  deadlock: { part: 'postgres', takesMs: 6_000, what: 'a deadlock with a batch of orders' },
  'postgres-disk-full': { part: 'postgres', takesMs: 6_000, what: 'no space for orders' },
  'index-emptied': { part: 'postgres', takesMs: 8_000, what: 'the search index emptied by hand' },
  'postgres-slow': { part: 'postgres', takesMs: 4_000, what: 'latency between services and PostgreSQL' },
  'postgres-black-hole': { part: 'postgres', takesMs: 5_000, what: 'nothing passes to or from PostgreSQL' },
  'postgres-reset': {
    part: 'postgres',
    takesMs: 2_000,
    what: 'resets in the middle of what PostgreSQL says',
  },
  'postgres-half-open': { part: 'postgres', takesMs: 14_000, what: 'half-open connections to PostgreSQL' },

  'sandbox-kill': { part: 'provider', takesMs: 5_000, what: 'kill -9 of the payment sandbox' },
  'sandbox-pause': { part: 'provider', takesMs: 8_000, what: 'SIGSTOP of the payment sandbox for 1 to 15 s' },
  'provider-fails': {
    part: 'provider',
    takesMs: 9_000,
    what: 'the provider fails, with and without having done it',
  },
  'provider-hangs': { part: 'provider', takesMs: 8_000, what: 'the provider does not answer' },
  'webhooks-wrong': {
    part: 'webhooks',
    takesMs: 10_000,
    what: 'webhooks late, twice, out of order, lost and forged',
  },

  'inbox-kill': { part: 'mail', takesMs: 5_000, what: 'kill -9 of the mail server' },
  'inbox-pause': { part: 'mail', takesMs: 8_000, what: 'SIGSTOP of the mail server for 1 to 15 s' },
} as const satisfies Readonly<Record<string, Kind>>

export type FaultKind = keyof typeof faultKinds

/** These need somebody who gets messages (`--messages`). */
export const messageKinds: readonly FaultKind[] = [
  ...(['notification-kill', 'fail-send-answer', 'fail-webhook-answer', 'inbox-kill', 'inbox-pause'] as const),
]

export const allFaultKinds = Object.keys(faultKinds) as readonly FaultKind[]

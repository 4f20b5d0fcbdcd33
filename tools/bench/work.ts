import type { Latency } from '../shared/meter.ts'

/** What a worker process is told to do, as JSON. */
export type Work = OrdersWork | ReadsWork | MixedWork | BaselineWork

type Timed = {
  /** Not measured; what it has placed is settled before the measurement begins. */
  readonly warmupSeconds: number
  readonly seconds: number
}

type Closed = Timed & {
  readonly url: string
  /** Virtual users: each sends its next request when the last one is answered. */
  readonly users: number
}

export type OrdersWork = Closed & {
  readonly kind: 'orders'
  readonly natsUrl: string
  /** Of the customers, in turn. */
  readonly tokens: readonly string[]
  readonly productIds: readonly string[]
  readonly lines: number
  /** So many orders, one of each customer, instead of `seconds`. */
  readonly orders?: number
  /** The next order comes when the last one is decided. */
  readonly waits?: boolean
}

export type Read = { readonly path: string; readonly token?: string | undefined }

export type ReadsWork = Closed & { readonly kind: 'reads'; readonly requests: readonly Read[] }

export type MixedWork = Closed & {
  readonly kind: 'mixed'
  readonly natsUrl: string
  readonly tokens: readonly string[]
  readonly productIds: readonly string[]
  readonly reads: readonly Read[]
}

export type BaselineWork = Timed & {
  readonly kind: 'baseline'
  readonly databaseUrl: string
  readonly productIds: readonly string[]
  readonly connections: number
}

/** What a worker answers: requests (or the baseline's transactions), and what became of the orders among them. */
export type Measured = {
  readonly seconds: number
  readonly done: number
  readonly latency: Latency
  /** How often each happened. */
  readonly errors: Readonly<Record<string, number>>
  readonly orders?: OrdersMeasured | undefined
}

export type OrdersMeasured = {
  /** Answered with 201. */
  readonly accepted: number
  readonly accept: Latency
  /** Answered with 409: sold out. */
  readonly turnedAway: number
  /** Decided orders. */
  readonly settled: number
  readonly confirmed: number
  /** From the first request until the last decision. */
  readonly settledSeconds: number
  readonly settle: Latency
}

/** From the bench to its worker. */
export type ToWorker = { readonly work: Work } | 'go'

/** From the worker to the bench. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly done: number; readonly settled: number }
  | { readonly kind: 'measured'; readonly measured: Measured }
  | { readonly kind: 'failed'; readonly reason: string }

import type { Latency } from '../shared/meter.ts'

/** What a worker process has to do. It is sent as JSON. */
export type Work = OrdersWork | CheckoutWork | ReadsWork | MixedWork | CartWork | BaselineWork

type Timed = {
  /** This time is not measured. Orders that are placed in it are settled before the measurement begins. */
  readonly warmupSeconds: number
  readonly seconds: number
}

type Closed = Timed & {
  readonly url: string
  /** The number of virtual users. Each sends its next request when the last one is answered. */
  readonly users: number
}

export type OrdersWork = Closed & {
  readonly kind: 'orders'
  readonly natsUrl: string
  /** The tokens of the customers, who are used in turn. */
  readonly tokens: readonly string[]
  readonly productIds: readonly string[]
  readonly lines: number
  /** If it is set, so many orders are placed, one by each customer, instead of as many as fit into `seconds`. */
  readonly orders?: number
  /** True when a user places the next order only when the last one is decided. */
  readonly waits?: boolean
}

export type CheckoutWork = Closed & {
  readonly kind: 'checkout'
  readonly natsUrl: string
  readonly tokens: readonly string[]
  readonly productIds: readonly string[]
  readonly lines: number
  /** If it is set, so many customers try once each, instead of as many as fit into `seconds`. */
  readonly buyers?: number
}

export type Read = {
  readonly path: string
  readonly token?: string | undefined
  /** Of a POST, as JSON. */
  readonly body?: string | undefined
}

export type ReadsWork = Closed & { readonly kind: 'reads'; readonly requests: readonly Read[] }

export type MixedWork = Closed & {
  readonly kind: 'mixed'
  readonly natsUrl: string
  readonly tokens: readonly string[]
  readonly productIds: readonly string[]
  readonly reads: readonly Read[]
}

export type CartWork = Closed & {
  readonly kind: 'cart'
  readonly tokens: readonly string[]
  readonly productIds: readonly string[]
}

export type BaselineWork = Timed & {
  readonly kind: 'baseline'
  readonly databaseUrl: string
  readonly productIds: readonly string[]
  readonly connections: number
}

/** A worker's result: the requests (or transactions of the baseline), and the outcomes of the orders among them. */
export type Measured = {
  readonly seconds: number
  readonly done: number
  readonly latency: Latency
  /** How often each error happened. */
  readonly errors: Readonly<Record<string, number>>
  readonly orders?: OrdersMeasured | undefined
}

export type OrdersMeasured = {
  /** Orders that were answered with 201. */
  readonly accepted: number
  readonly accept: Latency
  /** Orders that were answered with 409 because the product was sold out. */
  readonly turnedAway: number
  /** Orders that were decided. */
  readonly settled: number
  readonly confirmed: number
  /** The time from the first request to the last decision. */
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

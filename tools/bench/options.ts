export const scenarios = [
  'baseline',
  'orders',
  'flash-sale',
  'latency',
  'reads',
  'graphql',
  'search',
  'facets',
  'mixed',
  'cart',
  'checkout',
  'growth',
  'processes',
] as const

export type Scenario = (typeof scenarios)[number]

export type Options = {
  readonly only: readonly Scenario[]
  readonly seconds: number
  readonly warmupSeconds: number
  readonly rounds: number
  readonly users: number
  readonly flashBuyers: number
  readonly flashUnits: number
  readonly growthOrders: number
  readonly searchProducts: number
}

/** The number of products and customers, the same for all scenarios with orders. */
export const products = 1_000
export const baselineConnections = 16

/** Of shipping methods, tax rates and promotions. */
export const ruleLimits = {
  /** As many as there are countries. */
  countries: 250,
  /** A promotion for more products is one for a category. */
  targets: 1_000,
  /** Of redemptions, and of whatever else is counted. */
  count: 1_000_000_000,
} as const

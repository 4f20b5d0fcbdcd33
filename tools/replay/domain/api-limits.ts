import { textLengths } from '../../../internal/platform/text.ts'

// The API's limits. Lengths count code points.

/** For one order. */
export const orderLimits = { lines: 1_000, quantity: 100_000 } as const

/** For one booking, and for the stock of a product. */
export const maxUnits = 1_000_000_000

export const textLimits = {
  name: textLengths.productName,
  sku: textLengths.sku,
  key: textLengths.idempotencyKey,
  username: textLengths.username,
} as const

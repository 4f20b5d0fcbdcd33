import type { Trace } from '../../../platform/call.ts'
import type { Adjustment, Earlier, Stock, StockChange } from '../domain/stock.ts'

export type Adjusted = {
  readonly available: number
  /** The key had been used before: nothing was done. */
  readonly isReplay: boolean
}

/** The units of each product and the ledger that explains them. */
export type StockLevels = {
  /**
   * `decide` sees the locked stock and what was booked under the same key before, and is synchronous.
   * Refused with product.not-found.
   */
  readonly adjust: (
    adjustment: Adjustment,
    decide: (stock: Stock, earlier: Earlier | undefined) => StockChange,
    at: Date,
    trace: Trace,
  ) => Promise<Adjusted>
}

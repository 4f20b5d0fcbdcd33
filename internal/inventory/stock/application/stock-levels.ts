import type { Trace } from '../../../platform/call.ts'
import type { ProductId } from '../../domain/ids.ts'
import type { Adjustment, Earlier, Stock, StockChange } from '../domain/stock.ts'

export type Adjusted = {
  readonly available: number
  /** The key had been used before: nothing was done. */
  readonly isReplay: boolean
}

export type StockLevel = { readonly productId: ProductId; readonly available: number }

/** Products with so many units or fewer, behind the last one of the page before. */
export type LowFilter = {
  readonly atMost: number
  readonly limit: number
  readonly after?: StockLevel | undefined
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
  /** Of products that are not deleted, the fewest units first, then by id. */
  readonly low: (
    filter: LowFilter,
  ) => Promise<{ readonly levels: readonly StockLevel[]; readonly hasMore: boolean }>
}

import type { ProductId } from '../domain/order.ts'
import type { Quote } from '../domain/place.ts'

/** The inventory as an order sees it. */
export type Catalog = {
  /** Products that are not for sale are left out. */
  readonly quote: (ids: readonly ProductId[]) => Promise<ReadonlyMap<ProductId, Quote>>
}

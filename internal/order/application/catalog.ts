import type { ProductId } from '../domain/order.ts'
import type { Quote } from '../domain/place.ts'

/** What orders need to know of the inventory's products. */
export type Catalog = {
  /** The quotes of these products. Those that are not for sale are left out. */
  readonly quote: (ids: readonly ProductId[]) => Promise<ReadonlyMap<ProductId, Quote>>
}

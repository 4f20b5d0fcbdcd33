import type { Once, Trace } from '../../../platform/call.ts'
import type { Money } from '../../../platform/money.ts'
import type { Refusal } from '../../../platform/refusal.ts'
import type { ProductId } from '../../domain/ids.ts'
import type { Product, ProductChange } from '../domain/product.ts'

/** A product as it is shown: with the units that can be ordered now. */
export type ListedProduct = { readonly product: Product; readonly available: number }

/** What a cart and an order need to know of a product. */
export type Quote = {
  readonly productId: ProductId
  readonly sku: string
  readonly name: string
  readonly category: string
  readonly price: Money
  /** Of one unit; 0 when nobody has said. */
  readonly weightGrams: number
  readonly available: number
  /** The address of the first image; empty when there is none, and when nobody asked for images. */
  readonly image: string
}

export type ProductSort = 'newest' | 'name' | 'price' | '-price'

export type ProductFilter = {
  /** A path: what is in the category and in those below it. */
  readonly category?: string | undefined
  /** Words to be found in name, sku or description; the last one may be unfinished. Any text will do; blank: all. */
  readonly query?: string | undefined
  readonly minPriceMinor?: bigint | undefined
  readonly maxPriceMinor?: bigint | undefined
  /** The currency of the bounds. A product keeps its own, and amounts of two currencies cannot be compared. */
  readonly priceCurrency?: string | undefined
  /** True: only what can be ordered now; false: only what cannot. */
  readonly inStock?: boolean | undefined
}

/** A place in the list: the last product of the page before. */
export type ProductPosition = { readonly key: string; readonly id: ProductId }

export type ProductPage = {
  readonly products: readonly ListedProduct[]
  /** Absent on the last page. */
  readonly next: ProductPosition | undefined
}

export type ProductWrite =
  | { readonly kind: 'add'; readonly change: ProductChange; readonly openingStock: number }
  /** As for `Products.update`. */
  | {
      readonly kind: 'update'
      readonly id: ProductId
      readonly decide: (product: Product) => ProductChange
    }

/** What became of a write: the product, or why it was refused. */
export type Stored = ListedProduct | Refusal

/** The catalogue. Each write stores state and events in one transaction; deleted products are not found. */
export type Products = {
  /**
   * The product that the same request has made. Refuses a key that was used with another request, and with
   * product.not-found when the product was deleted.
   */
  readonly findByRequest: (once: Once) => Promise<ListedProduct | undefined>
  /** With its stock, which is booked in the ledger. Refused with product.sku-taken. */
  readonly add: (
    change: ProductChange,
    openingStock: number,
    trace: Trace,
    once?: Once,
  ) => Promise<ListedProduct>
  /** `decide` sees the locked product and is synchronous. Refused with product.not-found and product.sku-taken. */
  readonly update: (
    id: ProductId,
    decide: (product: Product) => ProductChange,
    trace: Trace,
  ) => Promise<ListedProduct>
  /**
   * All of them in one transaction, each about another product, but for those that are refused. A trial tells the same and
   * leaves nothing.
   */
  readonly storeEach: (
    writes: readonly ProductWrite[],
    trace: Trace,
    isTrial?: boolean,
  ) => Promise<readonly Stored[]>
  readonly find: (ids: readonly ProductId[]) => Promise<ReadonlyMap<ProductId, ListedProduct>>
  /** By the SKU as it is compared (`textKey`). */
  readonly findBySku: (skus: readonly string[]) => Promise<ReadonlyMap<string, ListedProduct>>
  readonly quote: (ids: readonly ProductId[], withImages?: boolean) => Promise<ReadonlyMap<ProductId, Quote>>
  readonly list: (
    filter: ProductFilter,
    sort: ProductSort,
    limit: number,
    after: ProductPosition | undefined,
  ) => Promise<ProductPage>
}

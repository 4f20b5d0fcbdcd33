import type { Fact, FactKind, ProductId } from '../domain/fact.ts'
import type { Measure } from '../domain/metrics.ts'
import type { TimeRange } from '../domain/time-range.ts'

export type Facts = {
  /** Stores those that are not known yet and counts them, both or neither. Idempotent. */
  readonly add: (facts: readonly Fact[]) => Promise<void>
}

export type Asked = TimeRange & {
  readonly of: FactKind
  readonly measure: Measure
  /** Amounts of other currencies are left out. */
  readonly currency: string
}

export type Counts = {
  /** Of the whole shop, by the beginning of the hour; hours without any are left out. */
  readonly byHour: (asked: Asked) => Promise<readonly { readonly hour: Date; readonly value: bigint }[]>
  /** The highest first, at most so many. */
  readonly byProduct: (asked: Asked, limit: number) => Promise<readonly ProductValue[]>
}

export type ProductValue = { readonly productId: ProductId; readonly value: bigint }

export type Catalogue = {
  /** Products that are gone are left out. */
  readonly describe: (ids: readonly ProductId[]) => Promise<ReadonlyMap<ProductId, Described>>
}

/** A category is a path; empty: the product is in none. */
export type Described = { readonly name: string; readonly category: string }

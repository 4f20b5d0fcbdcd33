import type { Read } from './work.ts'
import type { RunningShop } from '../shared/running-shop.ts'

/** A running shop with something to sell. */
export type Shop = RunningShop & {
  readonly productIds: readonly string[]
  readonly tokens: readonly string[]
  readonly reads: Readonly<Record<'product' | 'page' | 'search' | 'own orders', readonly Read[]>>
  readonly bare: Bare | undefined
}

/** A server that returns the same bytes as ours without doing anything for them. */
export type Bare = {
  readonly pid: number
  readonly url: string
  readonly reads: Readonly<Record<'product' | 'page', readonly Read[]>>
}

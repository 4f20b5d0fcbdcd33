import type { Brand } from '../../platform/brand.ts'

export type ProductId = Brand<string, 'ProductId'>

export type FactKind =
  | 'ordered'
  | 'paid'
  | 'refunded'
  | 'carted'
  | 'checked-out'
  | 'cart-ordered'
  | 'viewed'
  | 'searched'
  | 'signed-in'

/**
 * Something that happened, once for each (kind, subject, product): however often, in whichever order and by whichever event
 * it is told. It knows things by their ids, and nobody.
 */
export type Fact = {
  readonly kind: FactKind
  /** The order, the cart, the refund or the batch of visits that it is about. */
  readonly subjectId: string
  /** Undefined in the fact of the whole shop, which there is beside those of its products. */
  readonly productId: ProductId | undefined
  readonly at: Date
  readonly count: number
  readonly units: number
  readonly amountMinor: bigint
  /** ISO 4217; empty when it is about no money. */
  readonly currency: string
}

/** Something that is counted and has no amount. */
export function counted(kind: FactKind, subjectId: string, at: Date, productId?: ProductId, count = 1): Fact {
  return { kind, subjectId, productId, at, count, units: 0, amountMinor: 0n, currency: '' }
}

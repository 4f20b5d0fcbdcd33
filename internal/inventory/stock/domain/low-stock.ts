import type { ProductId } from '../../domain/ids.ts'

/**
 * Those of which there were `units` or more, and now are fewer. A product that never had as many is not among them, and none
 * is while there is no limit.
 */
export const fallenBelow = (
  units: number,
  before: ReadonlyMap<ProductId, number>,
  after: readonly (readonly [ProductId, number])[],
): readonly (readonly [ProductId, number])[] =>
  after.filter(([productId, left]) => left < units && (before.get(productId) ?? 0) >= units)

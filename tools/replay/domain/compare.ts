import { readOpenings } from './opening.ts'
import { unitsBySku, type PlannedInvoice } from './plan.ts'

/** A product as the API shows it in the end. */
export type FoundProduct = { readonly sku: string; readonly description: string; readonly stock: number }

export type Replayed = {
  /** The hash of the file's content. */
  readonly file: string
  readonly skus: readonly string[]
  /** The orders of the file whose stock is taken. */
  readonly held: readonly PlannedInvoice[]
  readonly returns: readonly PlannedInvoice[]
}

export type Comparison = {
  readonly compared: number
  /** The products that do not agree, in words. */
  readonly disagreeing: readonly string[]
}

/**
 * Expected stock = stock before + opening − units of the held orders + units of the returns. Of these, only the
 * outcomes of the orders come from the running system. Where another file was replayed later, its opening has the
 * figure to compare with.
 */
export function compareStock(replayed: Replayed, products: ReadonlyMap<string, FoundProduct>): Comparison {
  const taken = unitsBySku(replayed.held)
  const returned = unitsBySku(replayed.returns)
  const disagreeing = replayed.skus.flatMap((sku) => {
    const product = products.get(sku)
    if (!product) return [`${sku} is not there`]
    const openings = readOpenings(product.description)
    const index = openings.findIndex(({ file }) => file === replayed.file)
    const opening = openings[index]
    if (!opening) return [`${sku} does not say what it was opened with`]
    const { before, units } = opening
    const [out, back] = [taken.get(sku) ?? 0, returned.get(sku) ?? 0]
    const expected = before + units - out + back
    const actual = openings[index + 1]?.before ?? product.stock
    if (actual === expected) return []
    return [
      `${sku} has ${actual}, expected ${before} + ${units} opened − ${out} ordered + ${back} returned = ${expected}`,
    ]
  })
  return { compared: replayed.skus.length, disagreeing }
}

/** True when an order does not match its invoice. */
export function differs(planned: PlannedInvoice, lines: ReadonlyMap<string, number>): boolean {
  return (
    planned.lines.size !== lines.size ||
    [...planned.lines].some(([sku, quantity]) => lines.get(sku) !== quantity)
  )
}

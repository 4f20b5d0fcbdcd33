import { readOpenings, type Opening } from './opening.ts'
import { unitsBySku, type PlannedInvoice } from './plan.ts'

/** A product as the API shows it in the end. */
export type FoundProduct = { readonly sku: string; readonly description: string; readonly stock: number }

export type Replayed = {
  /** The identity of the file. */
  readonly file: string
  readonly skus: readonly string[]
  readonly orders: readonly PlannedInvoice[]
  /** The orders of the file whose stock is taken. */
  readonly held: readonly PlannedInvoice[]
  /** The returns of the file that are booked. */
  readonly returns: readonly PlannedInvoice[]
}

export type Comparison = {
  readonly compared: number
  /** The products that do not agree, in words. */
  readonly disagreeing: readonly string[]
  /** The products that were opened for more units than the confirmed orders take, in words. */
  readonly unconfirmed: readonly string[]
}

/**
 * Expected stock = stock before + opening − units of the held orders + units of the returns, without what had been
 * sold and returned before the opening. Of these, only the outcomes of the orders come from the running system. Where
 * another file was replayed later, its opening has the figure to compare with.
 */
export function compareStock(replayed: Replayed, products: ReadonlyMap<string, FoundProduct>): Comparison {
  const wanted = unitsBySku(replayed.orders)
  const taken = unitsBySku(replayed.held)
  const returned = unitsBySku(replayed.returns)
  const disagreeing: string[] = []
  const unconfirmed: string[] = []
  for (const sku of replayed.skus) {
    const product = products.get(sku)
    if (!product) {
      disagreeing.push(`${sku} is not there`)
      continue
    }
    const openings = readOpenings(product.description)
    const out = taken.get(sku) ?? 0
    disagreeing.push(...disagreement(product, openings, replayed.file, out, returned.get(sku) ?? 0))
    const first = openings.find(({ file }) => file === replayed.file)
    const covered = Math.min(wanted.get(sku) ?? 0, first ? first.units + first.sold : 0)
    if (out < covered) unconfirmed.push(`${sku} was opened for ${covered} units, and ${out} are confirmed`)
  }
  return { compared: replayed.skus.length, disagreeing, unconfirmed }
}

function disagreement(
  { sku, stock }: FoundProduct,
  openings: readonly Opening[],
  file: string,
  taken: number,
  returned: number,
): readonly string[] {
  const index = openings.findLastIndex((opening) => opening.file === file)
  const opening = openings[index]
  if (!opening) return [`${sku} does not say what it was opened with`]
  const { before, units } = opening
  const [out, back] = [taken - opening.sold, returned - opening.returned]
  const expected = before + units - out + back
  const actual = openings[index + 1]?.before ?? stock
  if (actual === expected) return []
  return [
    `${sku} has ${actual}, expected ${before} + ${units} opened − ${out} ordered + ${back} returned = ${expected}`,
  ]
}

/** True when an order does not match its invoice. */
export function differs(planned: PlannedInvoice, lines: ReadonlyMap<string, number>): boolean {
  return (
    planned.lines.size !== lines.size ||
    [...planned.lines].some(([sku, quantity]) => lines.get(sku) !== quantity)
  )
}

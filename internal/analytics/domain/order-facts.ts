import type { Fact, FactKind, ProductId } from './fact.ts'

type Moment = { readonly status: string; readonly at: Date }

/** An order as its events tell it. */
export type ToldOrder = {
  readonly id: string
  readonly lines: readonly OrderedLine[]
  readonly totalMinor: bigint
  readonly currency: string
  readonly history: readonly Moment[]
  /** It was made of a cart at a checkout, and is to be paid there and then. */
  readonly isPaidFirst: boolean
}

export type OrderedLine = {
  readonly productId: ProductId
  readonly quantity: number
  readonly unitPriceMinor: bigint
}

/**
 * An order is bought when its stock is held, or, where it has to be paid first, when it is paid. Its revenue comes when it is
 * paid. Both are facts of the first time: an order may lose its money and be paid again.
 */
export function orderFacts(order: ToldOrder): readonly Fact[] {
  const [heldAt, paidAt] = [firstTime(order, 'confirmed'), firstTime(order, 'paid')]
  const boughtAt = order.isPaidFirst ? paidAt : (heldAt ?? paidAt)
  return [...factsAt('ordered', order, boughtAt), ...factsAt('paid', order, paidAt)]
}

const firstTime = ({ history }: ToldOrder, wanted: string): Date | undefined =>
  history.find(({ status }) => status === wanted)?.at

function factsAt(kind: FactKind, order: ToldOrder, at: Date | undefined): readonly Fact[] {
  if (!at) return []
  const { id: subjectId, lines, totalMinor: amountMinor, currency } = order
  const units = lines.reduce((sum, { quantity }) => sum + quantity, 0)
  const base = { kind, subjectId, at, count: 1, currency }
  return [{ ...base, productId: undefined, units, amountMinor }, ...byProduct(lines, base)]
}

/** What several lines have of one product is one fact. */
function byProduct(
  lines: readonly OrderedLine[],
  base: Omit<Fact, 'productId' | 'units' | 'amountMinor'>,
): readonly Fact[] {
  const facts = new Map<ProductId, Fact>()
  for (const { productId, quantity, unitPriceMinor } of lines) {
    const { units, amountMinor } = facts.get(productId) ?? { units: 0, amountMinor: 0n }
    const more = unitPriceMinor * BigInt(quantity)
    facts.set(productId, { ...base, productId, units: units + quantity, amountMinor: amountMinor + more })
  }
  return [...facts.values()]
}

import { allocateByLargestRemainder, divideRounded } from '../../platform/allocate-money.ts'
import type { RefundLine } from './account.ts'
import type { Goods, ReceiptLine, TaxPart } from './receipt.ts'

type Rate = number | undefined

/** Net and tax that one rate has left; undefined is what no rate applies to. */
type Left = { readonly ratePpm: Rate; readonly netMinor: bigint; readonly taxMinor: bigint }

/**
 * The part of an amount that falls to each rate, with its tax. It is shared out over what earlier credit notes have left
 * of the receipt, so that notes that add up to the receipt add up to it for each rate too, to the cent; shares of the
 * whole would not, because a larger amount may have a smaller share. Lines that are given back come before all else.
 */
export function shareCredit(
  receipt: Goods,
  earlier: readonly Pick<Goods, 'taxes' | 'totalMinor'>[],
  amountMinor: bigint,
  values: readonly LineValue[],
): readonly TaxPart[] {
  const left = leftOf(receipt, earlier)
  const whole = left.map(grossOf)
  const wanted = left.map(({ ratePpm }, index) =>
    least(
      sum(values.filter((each) => each.ratePpm === ratePpm).map(({ minor }) => minor)),
      whole[index] ?? 0n,
    ),
  )
  const forLines = least(amountMinor, sum(wanted))
  const first = allocateByLargestRemainder(forLines, wanted)
  const rest = allocateByLargestRemainder(
    amountMinor - forLines,
    whole.map((gross, index) => gross - (first[index] ?? 0n)),
  )
  return left.flatMap(({ ratePpm, netMinor, taxMinor }, index) => {
    const share = (first[index] ?? 0n) + (rest[index] ?? 0n)
    if (ratePpm === undefined || share === 0n) return []
    const [net = 0n, tax = 0n] = allocateByLargestRemainder(share, [netMinor, taxMinor])
    return [{ ratePpm, netMinor: net, taxMinor: tax }]
  })
}

export type LineValue = {
  readonly line: ReceiptLine
  readonly quantity: number
  readonly ratePpm: Rate
  readonly minor: bigint
}

/** What units of lines came to, with tax. */
export function lineValues(
  { lines, taxIncluded }: Goods,
  given: readonly RefundLine[],
): readonly LineValue[] {
  return given.flatMap(({ lineId, quantity }) => {
    const line = lines.find((each) => each.lineId === lineId)
    if (!line) return []
    const gross = line.totalMinor + (taxIncluded ? 0n : (line.taxMinor ?? 0n))
    const minor = divideRounded(gross * BigInt(quantity), BigInt(line.quantity))
    return [{ line, quantity, ratePpm: line.taxRatePpm, minor }]
  })
}

/** The lines of a credit note, which add up to its amount. */
export function creditLines(amountMinor: bigint, values: readonly LineValue[]): readonly ReceiptLine[] {
  const weights = values.map(({ minor }) => minor)
  if (sum(weights) === 0n) return []
  const shares = allocateByLargestRemainder(amountMinor, weights)
  return values.map(({ line, quantity }, index) => ({
    ...line,
    ...{ quantity, discountMinor: 0n, totalMinor: shares[index] ?? 0n, taxMinor: undefined },
  }))
}

function leftOf(
  { taxes, totalMinor }: Goods,
  earlier: readonly Pick<Goods, 'taxes' | 'totalMinor'>[],
): readonly Left[] {
  const taxed = taxes.map(({ ratePpm, netMinor, taxMinor }) => {
    const gone = earlier.flatMap((note) => note.taxes.filter((part) => part.ratePpm === ratePpm))
    return {
      ratePpm,
      netMinor: netMinor - sum(gone.map((part) => part.netMinor)),
      taxMinor: taxMinor - sum(gone.map((part) => part.taxMinor)),
    }
  })
  const untaxed = untaxedOf({ taxes, totalMinor }) - sum(earlier.map(untaxedOf))
  return [...taxed, { ratePpm: undefined, netMinor: untaxed, taxMinor: 0n }]
}

const grossOf = ({ netMinor, taxMinor }: Pick<TaxPart, 'netMinor' | 'taxMinor'>): bigint =>
  netMinor + taxMinor

const untaxedOf = ({ taxes, totalMinor }: Pick<Goods, 'taxes' | 'totalMinor'>): bigint =>
  totalMinor - sum(taxes.map(grossOf))

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n)
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

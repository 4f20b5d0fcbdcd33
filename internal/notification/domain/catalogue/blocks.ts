import type { OrderFacts, ParcelFacts } from '../facts.ts'
import { link, rows, type Block } from '../letter.ts'
import type { Wording } from './catalogue.ts'

/** An order of hundreds of lines is not listed whole. */
const mostLines = 50

type Priced = Pick<OrderFacts, 'lines' | 'totalMinor' | 'currency'>

/** The lines with their amounts, and the total. */
export function bill(
  { lines, totalMinor, currency }: Priced,
  { money }: Wording,
  words: { readonly total: string; readonly more: (count: number) => string },
): Block {
  const listed = lines
    .slice(0, mostLines)
    .map(
      ({ name, quantity, amountMinor }) => [`${quantity} × ${name}`, money(amountMinor, currency)] as const,
    )
  const left = lines.length - listed.length
  const more = left > 0 ? [[words.more(left), ''] as const] : []
  return rows(...listed, ...more, [words.total, money(totalMinor, currency)])
}

/** What is known of a parcel. Without a link of the carrier there is none. */
export function parcel(
  { carrier, trackingNumber, trackingUrl }: ParcelFacts,
  words: { readonly carrier: string; readonly number: string; readonly follow: string },
): readonly Block[] {
  const known = (
    [
      [words.carrier, carrier],
      [words.number, trackingNumber],
    ] as const
  ).filter(([, value]) => value !== '')
  return [
    ...(known.length > 0 ? [rows(...known)] : []),
    ...(trackingUrl === '' ? [] : [link(words.follow, trackingUrl)]),
  ]
}

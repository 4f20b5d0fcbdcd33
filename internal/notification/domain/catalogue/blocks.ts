import type { CartFacts, OrderFacts, ParcelFacts } from '../facts.ts'
import { link, rows, type Block, type Letter } from '../letter.ts'
import type { Wording } from './catalogue.ts'

/** An order of hundreds of lines is not listed whole. */
const mostLines = 50

type BillWords = Readonly<Record<'total' | 'shipping' | 'discount' | 'tax', string>> & {
  readonly more: (count: number) => string
}

/** The lines with their amounts, what was added and taken off, and the total. */
export function bill(facts: CartFacts, { money }: Wording, words: BillWords): Block {
  const { lines, currency } = facts
  const listed = lines
    .slice(0, mostLines)
    .map(
      ({ name, quantity, amountMinor }) => [`${quantity} × ${name}`, money(amountMinor, currency)] as const,
    )
  const left = lines.length - listed.length
  const more = left > 0 ? [[words.more(left), ''] as const] : []
  const others = (
    [
      [words.discount, -facts.discountMinor],
      [words.shipping, facts.shippingMinor],
      [words.tax, facts.addedTaxMinor],
    ] as const
  )
    .filter(([, minor]) => minor !== 0n)
    .map(([label, minor]) => [label, money(minor, currency)] as const)
  return rows(...listed, ...more, ...others, [words.total, money(facts.totalMinor, currency)])
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

/** Letters about an order: what happened, and a link to it with these words. */
export const ofOrders =
  (see: string) =>
  (facts: OrderFacts, { links }: Wording, subject: string, ...blocks: Letter['blocks']): Letter => ({
    subject,
    blocks: [...blocks, link(see, links.order(facts.orderId))],
  })

/** A parcel in a few words, as a text message names it. */
export const parcelName = ({ carrier, trackingNumber }: ParcelFacts): string =>
  [carrier, trackingNumber].filter((word) => word !== '').join(' ')

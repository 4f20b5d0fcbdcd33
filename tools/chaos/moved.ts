/** Money of a payment or an order. Amounts are minor units. */
export type Moved = {
  readonly captured: number
  readonly refunded: number
  /** What banks have taken back for their customers. */
  readonly disputed: number
}

export const sumOf = (all: readonly Moved[]): Moved => ({
  captured: total(all.map(({ captured }) => captured)),
  refunded: total(all.map(({ refunded }) => refunded)),
  disputed: total(all.map(({ disputed }) => disputed)),
})

export const differenceOf = (ours: Moved, theirs: Moved): number =>
  Math.abs(ours.captured - theirs.captured) +
  Math.abs(ours.refunded - theirs.refunded) +
  Math.abs(ours.disputed - theirs.disputed)

export const textOf = ({ captured, refunded, disputed }: Moved): string =>
  `${captured} taken and ${refunded} given back${disputed > 0 ? `, ${disputed} disputed` : ''}`

export const total = (amounts: readonly number[]): number => amounts.reduce((sum, each) => sum + each, 0)
export const minor = (units: number): number => Math.round(units * 100)

/** 15 digits: the largest price is below that. */
const decades = 15

/**
 * Where price bands begin, in minor units: 0, 1, 2, 5, 10, 20, 50, … They do not depend on what is found, so that a band
 * stays the same while somebody narrows a search down.
 */
export const bandStarts: readonly bigint[] = [
  0n,
  ...Array.from({ length: decades }, (_, decade) =>
    [1n, 2n, 5n].map((step) => step * 10n ** BigInt(decade)),
  ).flat(),
]

/** The place of the band that has this price. */
export const bandOf = (priceMinor: bigint): number => bandStarts.findLastIndex((start) => start <= priceMinor)

/** A band by the place of its beginning, as its first and its last price: 1000-1999. */
export function bandAt(place: number): string {
  const [from = 0n, to] = bandStarts.slice(place, place + 2)
  return to === undefined ? `${from}-` : `${from}-${to - 1n}`
}

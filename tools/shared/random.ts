import { seededRandom } from '../../internal/platform/seeded-random.ts'

/** Pseudo-random numbers, which are the same for the same seed on every machine. */
export type Random = {
  /** A number from 0 up to, but not including, 1. */
  readonly next: () => number
  /** A whole number from 0 up to, but not including, `limit`. */
  readonly below: (limit: number) => number
  /** A whole number from `min` to `max`, both included. */
  readonly integer: (min: number, max: number) => number
  readonly chance: (probability: number) => boolean
  /** Picks an item. Throws a RangeError when there is none. */
  readonly pick: <Item>(items: readonly Item[]) => Item
  readonly shuffle: <Item>(items: readonly Item[]) => readonly Item[]
}

/** The random numbers of this seed. Only the lowest 32 bits of the seed count. */
export const seeded = (seed: number): Random => randomOf(seededRandom(seed))

/** Each label has its own random numbers, so that what one part draws does not affect another. */
export const seededFor = (seed: number, label: string): Random => seeded(fnv1a(`${seed} ${label}`))

/** Makes everything else from `next`, which returns numbers from 0 to 1. */
export function randomOf(next: () => number): Random {
  const below = (limit: number): number => Math.floor(next() * limit)
  const integer = (min: number, max: number): number => min + below(max - min + 1)
  return {
    next,
    below,
    integer,
    chance: (probability) => next() < probability,
    pick<Item>(items: readonly Item[]) {
      if (items.length === 0) throw new RangeError('there is nothing to pick from')
      return items[below(items.length)] as Item // the cast allows for items that are undefined
    },
    shuffle(items) {
      const shuffled = [...items]
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = integer(0, last)
        ;[shuffled[last], shuffled[other]] = [shuffled[other] as never, shuffled[last] as never]
      }
      return shuffled
    },
  }
}

/** The hash FNV-1a of 32 bits. */
function fnv1a(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}

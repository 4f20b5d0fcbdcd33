/** Numbers that look random and are the same for the same seed. */
export type Random = {
  /** From 0 up to, but not including, `below`. */
  readonly below: (below: number) => number
  readonly chance: (probability: number) => boolean
  readonly oneOf: <Item>(items: readonly Item[]) => Item
  readonly text: (length: number, alphabet?: string) => string
  readonly uuid: () => string
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
const hex = '0123456789abcdef'

/** Of one request of one run, so that each can be made again without those before it. */
export function randomOf(seed: number, index: number): Random {
  const next = mulberry32(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35))
  const below = (limit: number): number => Math.floor(next() * limit)
  const text = (length: number, alphabet = letters): string =>
    Array.from({ length }, () => alphabet[below(alphabet.length)]).join('')
  return {
    below,
    text,
    chance: (probability) => next() < probability,
    oneOf: <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item, // nobody asks for one of none
    uuid: () => [text(8, hex), text(4, hex), `7${text(3, hex)}`, `8${text(3, hex)}`, text(12, hex)].join('-'),
  }
}

/** Tommy Ettinger's generator of 32 bits. */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

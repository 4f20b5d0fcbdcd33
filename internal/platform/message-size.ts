import { utf8Length } from './text.ts'

/** With its headers a message of this size stays below the 1 MiB that a nats-server accepts by default. */
export const maxMessageBytes = 1_000_000

/**
 * How many of these items, from the first one on, fit into one message. It is one at least, so that a list always goes on;
 * each of what we store fits alone. `sizeOf` is in bytes of JSON.
 */
export function fitting<Item>(items: readonly Item[], sizeOf: (item: Item) => number): number {
  let bytes = 0
  const tooMuch = items.findIndex((item) => (bytes += sizeOf(item)) > maxMessageBytes)
  return tooMuch < 0 ? items.length : Math.max(1, tooMuch)
}

/** A page that ends where its message is full. The next one begins behind `nextId`. */
export function fittingPage<Item extends { readonly id: string }>(
  items: readonly Item[],
  nextId: string | undefined,
): { readonly items: Item[]; readonly nextId: string | undefined } {
  const count = fitting(items, jsonSize)
  return { items: items.slice(0, count), nextId: count < items.length ? items[count - 1]?.id : nextId }
}

const jsonSize = (value: unknown): number => utf8Length(JSON.stringify(value))

/** Of lists with their owners: the items of as many owners as fit into one message, and the owners of all others. */
export function fittingLists<Item>(lists: readonly (readonly [owner: string, items: readonly Item[]])[]): {
  readonly items: Item[]
  readonly unread: string[]
} {
  const count = fitting(lists, ([, items]) => jsonSize(items))
  return {
    items: lists.slice(0, count).flatMap(([, items]) => items),
    unread: lists.slice(count).map(([owner]) => owner),
  }
}

/** Cuts a list into parts of at most this weight, in its order. An item that weighs more is a part of its own. */
export function partsOf<Item>(
  items: readonly Item[],
  maxWeight: number,
  weightOf: (item: Item) => number,
): readonly (readonly Item[])[] {
  const parts: Item[][] = []
  let weight = Infinity
  for (const item of items) {
    weight += weightOf(item)
    if (weight > maxWeight) {
      parts.push([])
      weight = weightOf(item)
    }
    parts.at(-1)?.push(item)
  }
  return parts
}

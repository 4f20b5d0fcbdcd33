/**
 * Does the work for each item, at most so many at the same time. When some fail, the first failure is thrown after all
 * that had begun have ended, and nothing more is begun.
 */
export async function someAtOnce<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items].reverse()
  const failures: unknown[] = []
  const worker = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined && failures.length === 0; item = left.pop())
      await work(item).catch((err: unknown) => void failures.push(err))
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  if (failures.length > 0) throw failures[0]
}

/**
 * The same for what is told of things: what concerns the same thing is done one after the other, as it stands in the list.
 * The results stand where their items do.
 */
export async function someThingsAtOnce<Item, Result>(
  items: readonly Item[],
  thingOf: (item: Item) => unknown,
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const things = new Map<unknown, number[]>()
  items.forEach((item, place) => {
    const places = things.get(thingOf(item))
    if (places) places.push(place)
    else things.set(thingOf(item), [place])
  })
  const results = new Map<number, Result>()
  await someAtOnce([...things.values()], atOnce, async (places) => {
    for (const place of places) results.set(place, await work(items[place] as Item)) // it is a place of the list
  })
  return items.map((_, place) => results.get(place) as Result) // all is done, or it has failed
}

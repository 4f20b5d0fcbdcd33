/** How one item of a batch ended. */
export type Ended<Answer> =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly err: unknown }
  /** A server or a service is away; the item has nothing to do with it. */
  | { readonly kind: 'outage'; readonly err: unknown }

/**
 * Handles items together. When that fails, each is tried alone, so that one bad item does not hold up the others. An
 * outage is not retried item by item, because it concerns all of them. The result has one ending for each item, in the
 * same order.
 */
export async function togetherOrAlone<Item, Answer>(
  items: readonly Item[],
  handle: (items: readonly Item[]) => Promise<readonly Answer[]>,
  isOutage: (err: unknown) => boolean,
): Promise<readonly Ended<Answer>[]> {
  if (items.length === 0) return []
  try {
    const answers = await handle(items)
    return items.map((_, index) => ({ kind: 'answered', answer: answers[index] as Answer })) // `handle` answers each item
  } catch (err) {
    if (isOutage(err)) return items.map(() => ({ kind: 'outage', err }))
    if (items.length === 1) return [{ kind: 'failed', err }]
  }
  const endings: Ended<Answer>[] = []
  for (const item of items) {
    const last = endings.at(-1)
    if (last?.kind === 'outage') endings.push(last)
    else endings.push(...(await togetherOrAlone([item], handle, isOutage)))
  }
  return endings
}

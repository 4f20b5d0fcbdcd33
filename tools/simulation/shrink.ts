/**
 * Returns the shortest list found that still fails. It leaves out halves, quarters and so on down to single items,
 * until nothing more can be left out (delta debugging).
 */
export async function shrink<Item>(
  items: readonly Item[],
  fails: (fewer: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let shortest = items
  let size = Math.ceil(items.length / 2)
  while (size >= 1 && shortest.length > 0) {
    const fewer = await withoutOneChunk(shortest, size, fails)
    if (fewer) shortest = fewer
    else if (size === 1) break
    else size = Math.ceil(size / 2)
    size = Math.min(size, Math.max(1, shortest.length))
  }
  return shortest
}

async function withoutOneChunk<Item>(
  items: readonly Item[],
  size: number,
  fails: (fewer: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[] | undefined> {
  for (let start = 0; start < items.length; start += size) {
    const fewer = [...items.slice(0, start), ...items.slice(start + size)]
    if (await fails(fewer)) return fewer
  }
  return undefined
}

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

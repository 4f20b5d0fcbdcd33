/** Handles the items in their order, `concurrency` of them at a time. The first failure stops the rest. */
export async function concurrently<Item>(
  items: Iterable<Item>,
  concurrency: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  let failed = false
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); !next.done && !failed; next = queue.next()) {
      await work(next.value).catch((err: unknown) => {
        failed = true
        throw err
      })
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
}

/** Begins once, with the first caller. A failure is not kept, so that the next caller begins again. */
export function keptPromise<Value>(begin: () => Promise<Value>): () => Promise<Value> {
  let kept: Promise<Value> | undefined
  return () => {
    kept ??= begin().catch((err: unknown) => {
      kept = undefined
      throw err
    })
    return kept
  }
}

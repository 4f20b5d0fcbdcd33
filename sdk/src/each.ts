/** One page of a list. */
export type Page<Entry> = { readonly data: readonly Entry[]; readonly nextCursor: string | null }

/**
 * All entries of a list, whose pages are asked for as they are wanted:
 *
 *     for await (const product of each((query) => shop.listProducts({ query }), { category: 'home' })) …
 */
export async function* each<Entry, Query extends object>(
  list: (query: Query & { cursor?: string }) => Promise<{ readonly data: Page<Entry> }>,
  query: Query,
): AsyncGenerator<Entry, void, undefined> {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { data: page } = await list(cursor === undefined ? query : { ...query, cursor })
    yield* page.data
    cursor = page.nextCursor
  }
}

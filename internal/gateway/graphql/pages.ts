/** A page as REST answers it. */
export type RestPage<Item> = { readonly data: readonly Item[]; readonly nextCursor: string | null }

export const pageOf = <Item>({ data, nextCursor }: RestPage<Item>) => ({
  nodes: data,
  pageInfo: { endCursor: nextCursor, hasNextPage: nextCursor !== null },
})

/** The type of such a page. */
export const pageSdl = (type: string, more = ''): string => `type ${type}Page {
  nodes: [${type}!]!
  pageInfo: PageInfo!
  ${more}
}`

export const pageInfoSdl = `type PageInfo {
  "Where the next page begins: its argument after. null on the last page"
  endCursor: String
  hasNextPage: Boolean!
}`

import type { Mutant } from './mutant.ts'

const inNews = 'internal/order/infrastructure/page-news.ts'
const drill = (test: string) =>
  ({ by: 'drill', file: 'internal/order/infrastructure/kept-orders.int.test.ts', test }) as const

/** Rules of the pages of one's own orders, which are kept from one request to the next. */
export const pageMutants: readonly Mutant[] = [
  {
    name: 'stale-page-shown',
    rule: 'a page that is kept is shown only while the database says that it is the present one',
    patches: [{ file: inNews, search: 'where seen.print <> p.known`', replace: "where p.known = 'none'`" }],
    hunt: drill('what another process has changed is seen at once'),
  },
  {
    name: 'page-forgets-revisions',
    rule: 'every change of an order that can be seen changes the print of its page',
    patches: [
      {
        file: inNews,
        search: 'bit_xor(uuid_hash_extended(id, revision)), sum(revision)',
        replace: 'bit_xor(uuid_hash_extended(id, 0))',
      },
    ],
    hunt: drill('a change that leaves the time of an order alone'),
  },
  {
    name: 'page-of-everybody',
    rule: 'the list of a person has no orders of others',
    patches: [{ file: inNews, search: 'user_id = p.user_id and (', replace: '(' }],
    hunt: drill('pages of several people'),
  },
  {
    name: 'page-of-a-neighbour',
    rule: 'of pages that are looked up together each caller gets the own one',
    patches: [{ file: inNews, search: 'news.get(index + 1)', replace: 'rows[index]' }],
    hunt: drill('pages of several people'),
  },
  {
    name: 'cursor-of-another-list',
    rule: 'what is kept of a page has a cursor that is good for the list that was asked for',
    patches: [
      {
        file: 'internal/gateway/routes/order-page.ts',
        search: 'if (known && isSame(known.list, list))',
        replace: 'if (known)',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/gateway/routes/order-page.test.ts',
      test: 'a page of another list has the cursor of that',
    },
  },
]

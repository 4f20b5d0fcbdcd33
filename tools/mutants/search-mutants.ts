import type { Hunt, Mutant } from './mutant.ts'

const folder = 'internal/search'
const drill = (file: string, test: string): Hunt => ({ by: 'drill', file: `${folder}/${file}`, test })
const keeping = (test: string): Hunt => drill('keep-index.test.ts', test)
const postgres = (test: string): Hunt => drill('infrastructure/postgres-index.int.test.ts', test)
const elastic = (test: string): Hunt => drill('infrastructure/elastic/elastic-index.test.ts', test)

/** Rules of the search and of its index. */
export const searchMutants: readonly Mutant[] = [
  {
    name: 'search-compares-nothing',
    rule: 'an index that was lost is made good, whatever events have told',
    patches: [
      {
        file: `${folder}/application/repair-index.ts`,
        search: 'differingBuckets(wanted, known)',
        replace: 'differingBuckets(known, known)',
      },
    ],
    hunt: keeping('an index that was lost is made good by the comparison'),
  },
  {
    name: 'search-repairs-forwards-only',
    rule: 'the catalogue is right, also when it has gone back to an older version',
    patches: [
      {
        file: `${folder}/application/repair-index.ts`,
        search: "        'always',\n",
        replace: "        'older',\n",
      },
    ],
    hunt: keeping('a catalogue that came back from a backup is believed'),
  },
  {
    name: 'search-next-filled-once',
    rule: 'what changes while another index is filled is in it when it takes over',
    patches: [
      {
        file: `${folder}/application/renew-index.ts`,
        search: 'count < mostComparisons',
        replace: 'count < 1',
      },
    ],
    hunt: drill(
      'rebuild.int.test.ts',
      'Elasticsearch: what changes while an index is filled is in it when it takes over',
    ),
  },
  {
    name: 'search-removes-nothing',
    rule: 'a product that is not in the catalogue any more is not found',
    patches: [
      {
        file: `${folder}/application/index-products.ts`,
        search: 'part.filter((id) => !there.has(id))',
        replace: 'part.filter((id) => there.has(id) && documents.length < 0)',
      },
    ],
    hunt: keeping('an event only tells which product to read anew'),
  },
  {
    name: 'search-event-of-nothing',
    rule: 'an event that names no product becomes a dead letter that says so',
    patches: [
      {
        file: `${folder}/infrastructure/react-to-products.ts`,
        search: 'if (id === undefined) throw',
        replace: 'if (id === null) throw',
      },
    ],
    hunt: keeping('an event only tells which product to read anew'),
  },
  {
    name: 'search-sold-out-unasked',
    rule: 'what is sold out is asked for whenever it has changed',
    patches: [
      {
        file: `${folder}/application/follow-stock.ts`,
        search: 'if (mark === known && !isAnyway)',
        replace: 'if (known !== undefined && !isAnyway)',
      },
    ],
    hunt: keeping('what is sold out is asked for when it has changed, or when it is wanted anyway'),
  },
  {
    name: 'search-sold-out-for-ever',
    rule: 'a product that can be had again is found among those that can be had',
    patches: [
      {
        file: `${folder}/infrastructure/postgres-index.ts`,
        search: 'where is_sold_out and id <> all ($1::uuid[])',
        replace: 'where is_sold_out and id <> all ($1::uuid[]) and false',
      },
    ],
    hunt: postgres('knows what is sold out'),
  },
  {
    name: 'search-older-overwrites',
    rule: 'an older version of a product never replaces a newer one',
    patches: [
      {
        file: `${folder}/infrastructure/postgres-index.ts`,
        search: 'where p.version < excluded.version or $2::boolean',
        replace: 'where p.version <> excluded.version or $2::boolean',
      },
    ],
    hunt: postgres('finds what a product is called now, while it is there'),
  },
  {
    name: 'search-facets-of-everything',
    rule: 'a facet counts what fits the filters of all others',
    patches: [
      {
        file: `${folder}/infrastructure/filter-sql.ts`,
        search: 'own.filter((filter) => filter.field !== field)',
        replace: 'own.filter((filter) => filter.field === undefined)',
      },
    ],
    hunt: postgres('counts what there would be for other values'),
  },
  {
    name: 'search-misspelled-first',
    rule: 'what is spelled as it was typed comes before what may be meant',
    patches: [
      {
        file: `${folder}/infrastructure/word-sql.ts`,
        search: 'then 0 else 10 end',
        replace: 'then 10 else 0 end',
      },
    ],
    hunt: postgres('finds misspelled words, after those that are spelled so'),
  },
  {
    name: 'search-broad-page-of-some',
    rule: 'a page of what very many products have is as long as there are products',
    patches: [
      {
        file: `${folder}/infrastructure/postgres-find.ts`,
        search: 'return isEnough(within) ? within.slice',
        replace: 'return within.length > 0 ? within.slice',
      },
    ],
    hunt: postgres('puts what fits better first'),
  },
  {
    name: 'search-elastic-overwrites-late',
    rule: 'what was stored meanwhile is looked at again before it is replaced',
    patches: [
      {
        file: `${folder}/infrastructure/elastic/elastic-index.ts`,
        search: '_id: document.id, ...unchanged',
        replace: '_id: document.id, ...(unchanged && {})',
      },
    ],
    hunt: elastic('what is stored while somebody is about to store an older version stays'),
  },
]

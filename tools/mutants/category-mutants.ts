import type { Mutant } from './mutant.ts'

const inRows = 'internal/inventory/catalogue/infrastructure/category-rows.ts'
const inTree = 'internal/inventory/catalogue/domain/category-tree.ts'
const storeDrills = 'internal/inventory/infrastructure/prisma-inventory.int.test.ts'
const indexDrills = 'internal/search/infrastructure/postgres-index.int.test.ts'

/** Rules of the tree of categories, of attributes and of families. */
export const categoryMutants: readonly Mutant[] = [
  {
    name: 'trees-changed-together',
    rule: 'who changes the tree of categories sees what everybody before has changed',
    patches: [{ file: inRows, search: '  await tx.$queryRawUnsafe(oneAtATimeSql)\n', replace: '' }],
    hunt: {
      by: 'drill',
      file: storeDrills,
      test: 'of two that are moved below each other, one is refused',
    },
  },
  {
    name: 'products-hold-no-category',
    rule: 'a product that comes while its category is renamed shows the path that it has then',
    patches: [{ file: inRows, search: '`${lineageSql} for share`', replace: 'lineageSql' }],
    hunt: {
      by: 'drill',
      file: storeDrills,
      test: 'products that come while their category is renamed show its path',
    },
  },
  {
    name: 'products-show-old-paths',
    rule: 'products show the path of their category when it was moved with one above it',
    patches: [{ file: inRows, search: 'if (moved.length > 0)', replace: 'if (moved.length > 1_000_000)' }],
    hunt: {
      by: 'drill',
      file: storeDrills,
      test: 'a product that is put elsewhere has another version, and one that is moved with its category has not',
    },
  },
  {
    name: 'categories-below-themselves',
    rule: 'a category is never moved below itself',
    patches: [
      { file: inTree, search: 'if (parent && isBelow(parent, category))', replace: 'if (!category)' },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/inventory/catalogue/domain/category-tree.test.ts',
      test: 'a category is never below itself',
    },
  },
  {
    name: 'attributes-that-are-lost',
    rule: 'no product loses what it says of itself by a change of the categories',
    patches: [
      { file: inRows, search: '  await refuseLost(tx, lostAttributes(tree, events))\n', replace: '' },
      { file: inRows, search: 'async function refuseLost', replace: 'export async function refuseLost' },
    ],
    hunt: { by: 'drill', file: storeDrills, test: 'no product loses what it says of itself' },
  },
  {
    name: 'attributes-of-a-moment-ago',
    rule: 'a product that comes with an attribute holds all categories that may define it',
    patches: [{ file: inRows, search: '`${lineageSql} for share`', replace: 'lineageSql' }],
    hunt: {
      by: 'drill',
      file: storeDrills,
      test: 'of a product that comes with an attribute and the end of that attribute, one is refused',
    },
  },
  {
    name: 'families-deleted-meanwhile',
    rule: 'a product that comes into a family holds it until it is stored',
    patches: [
      {
        file: 'internal/inventory/catalogue/infrastructure/family-rows.ts',
        search: ' and deleted_at is null order by id for update`',
        replace: ' and deleted_at is null order by id`',
      },
    ],
    hunt: {
      by: 'drill',
      file: storeDrills,
      test: 'of a product that comes and the end of its family, one is refused',
    },
  },
  {
    name: 'options-in-another-case',
    rule: 'no two products of a family have options that people take for the same',
    patches: [
      {
        file: 'internal/inventory/catalogue/domain/family.ts',
        search: '[name, textKey(value)]',
        replace: '[name, value]',
      },
    ],
    hunt: {
      by: 'drill',
      file: storeDrills,
      test: 'has products with different options, which may change and leave',
    },
  },
  {
    name: 'facets-of-one-level',
    rule: 'a count of a category is the length of the list that it has',
    patches: [
      {
        file: 'internal/search/infrastructure/facet-sql.ts',
        search: 'generate_series(1, cardinality(',
        replace: "generate_series(cardinality(string_to_array(own.path, '/')), cardinality(",
      },
    ],
    hunt: {
      by: 'drill',
      file: indexDrills,
      test: 'finds what is in a category and in those below it, and counts it so',
    },
  },
  {
    name: 'families-shown-by-others',
    rule: 'of a family a list shows a product that matches its filters',
    patches: [
      {
        file: 'internal/search/infrastructure/find-sql.ts',
        search: 'shownOf(query, fits)',
        replace: 'shownOf(query, [])',
      },
    ],
    hunt: {
      by: 'drill',
      file: indexDrills,
      test: 'shows one product of each family: what can be had, then the cheapest',
    },
  },
  {
    name: 'facets-of-products',
    rule: 'a count beside a list of families is the length of the list that it has',
    patches: [
      {
        file: 'internal/search/infrastructure/facet-sql.ts',
        search: "above.path, ${byFamily ? 'count(distinct counted.entry)'",
        replace: "above.path, ${byFamily ? 'count(counted.entry)'",
      },
    ],
    hunt: {
      by: 'drill',
      file: indexDrills,
      test: 'has each family once over all pages, and counts what the list has',
    },
  },
  {
    name: 'graphql-fields-look-up-alone',
    rule: 'fields that show parts of the same thing share its look-up',
    patches: [
      {
        file: 'internal/gateway/graphql/asking.ts',
        search: 'const known = loads.get(link.read) ?? loadOf(link)',
        replace: 'const known = loadOf(link)',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/gateway/graphql/graphql-routes.test.ts',
      test: 'a page of families has their products from one look-up, and a family that is gone has none',
    },
  },
]

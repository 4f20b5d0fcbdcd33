import type { Mutant } from './mutant.ts'

const inImport = 'internal/inventory/catalogue/application/import-products.ts'
const inRow = 'internal/inventory/catalogue/application/plan-row.ts'
const inStore = 'internal/inventory/catalogue/infrastructure/postgres-products.ts'
const storeDrills = 'internal/inventory/infrastructure/prisma-inventory.int.test.ts'
const drills = 'internal/inventory/application/import-products.test.ts'

/** Rules of the import of products. */
export const importMutants: readonly Mutant[] = [
  {
    name: 'import-opens-stock-again',
    rule: 'stock of a file opens new products only, unless it was counted',
    patches: [
      {
        file: inRow,
        search: 'const units = how.countsStock && stock !== undefined',
        replace: 'const units = stock !== undefined',
      },
    ],
    hunt: {
      by: 'drill',
      file: drills,
      test: 'stock opens new products only, unless it was counted: then the difference is booked',
    },
  },
  {
    name: 'import-counts-on-top',
    rule: 'of a count only the difference is booked, so that the same file again books nothing',
    patches: [
      { file: inRow, search: 'parseOpeningStock(stock) - available', replace: 'parseOpeningStock(stock)' },
    ],
    hunt: {
      by: 'drill',
      file: drills,
      test: 'stock opens new products only, unless it was counted: then the difference is booked',
    },
  },
  {
    name: 'dry-run-writes',
    rule: 'a dry run changes nothing',
    patches: [
      {
        file: inImport,
        search: '      traceOf(call),\n      how.isDryRun,\n',
        replace: '      traceOf(call),\n',
      },
    ],
    hunt: { by: 'drill', file: drills, test: 'a dry run tells the same and changes nothing' },
  },
  {
    name: 'trials-that-stay',
    rule: 'what is only tried leaves nothing in the catalogue',
    patches: [
      {
        file: inStore,
        search: 'if (isTrial) throw new TakenBack()',
        replace: 'if (sql === undefined) throw new TakenBack()',
      },
    ],
    hunt: {
      by: 'drill',
      file: storeDrills,
      test: 'tries what would be refused, also for the sake of one before it, and leaves nothing',
    },
  },
  {
    name: 'half-of-a-refused-batch',
    rule: 'of products that are stored together and refused nothing stays before they are stored in halves',
    patches: [
      {
        file: inStore,
        search: "await tx.$executeRawUnsafe('rollback to savepoint part').catch(() => undefined)",
        replace: "await tx.$executeRawUnsafe('release savepoint part').catch(() => undefined)",
      },
    ],
    hunt: { by: 'drill', file: storeDrills, test: 'stores those beside one that is refused' },
  },
  {
    name: 'families-filled-together',
    rule: 'products that come into a family together are counted together',
    patches: [
      {
        file: 'internal/inventory/catalogue/infrastructure/family-rows.ts',
        search: '    sizes.set(family.id, size + 1)\n',
        replace: '',
      },
    ],
    hunt: { by: 'drill', file: storeDrills, test: 'counts those that come into a family together' },
  },
  {
    name: 'import-forgets-attributes',
    rule: 'a row of a file leaves what it does not name',
    patches: [
      {
        file: inRow,
        search: 'attributes: { ...current.attributes, ...typed }',
        replace: 'attributes: typed',
      },
    ],
    hunt: {
      by: 'drill',
      file: drills,
      test: 'a row says in which family a product is, by which options it differs, and what it says of itself',
    },
  },
]

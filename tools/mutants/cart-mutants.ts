import type { Mutant } from './mutant.ts'

const inMerge = 'internal/cart/domain/merge.ts'
const mergeDrills = 'internal/cart/domain/merge.test.ts'
const checkoutDrills = 'internal/cart/domain/checkout.test.ts'
const inWriteCarts = 'internal/cart/infrastructure/write-carts.ts'
const inCarts = 'internal/cart/infrastructure/postgres-carts.ts'
const cartDrills = 'internal/cart/infrastructure/postgres-carts.int.test.ts'

/** Rules of carts, which are pure functions: their own tests are the drills. */
const ruleMutants: readonly Mutant[] = [
  {
    name: 'merge-loses-lines',
    rule: "what a guest has gathered is in the user's cart after the login",
    patches: [
      {
        file: inMerge,
        search: '  return [...kept, ...added.map(',
        replace: '  return [...kept, ...added.slice(1).map(',
      },
    ],
    hunt: { by: 'drill', file: mergeDrills, test: '65 lines with their attributes survive' },
  },
  {
    name: 'merge-adds-quantities',
    rule: 'the larger quantity of an equal line wins, so that a merge can be repeated',
    patches: [
      {
        file: inMerge,
        search: 'Math.max(line.quantity, given.get(keyOf(line))?.quantity ?? 0)',
        replace: 'line.quantity + (given.get(keyOf(line))?.quantity ?? 0)',
      },
    ],
    hunt: { by: 'drill', file: mergeDrills, test: 'the larger quantity of each line wins' },
  },
  {
    name: 'merge-forgets-attributes',
    rule: 'lines with other attributes are other lines',
    patches: [
      {
        file: inMerge,
        search: ': string => `${productId} ${attributes}`',
        replace: ': string => `${productId}${attributes.slice(0, 0)}`',
      },
    ],
    hunt: { by: 'drill', file: mergeDrills, test: 'the larger quantity of each line wins' },
  },
  {
    name: 'unlock-keeps-version',
    rule: 'the version of a cart that was locked is never locked again',
    patches: [
      {
        file: 'internal/cart/domain/checkout.ts',
        search: '  if (!holds && !isBeforeItsLock) return undefined\n',
        replace: '  if (!holds) return undefined\n',
      },
    ],
    hunt: { by: 'drill', file: checkoutDrills, test: 'an unlock that comes before its lock' },
  },
]

/** Rules of the store of carts. */
const storeMutants: readonly Mutant[] = [
  {
    name: 'cart-without-version-guard',
    rule: 'of two writers of one cart the slower one decides again',
    patches: [
      { file: inWriteCarts, search: 'c.id = w.id and c.version = w.expected', replace: 'c.id = w.id' },
    ],
    hunt: { by: 'drill', file: cartDrills, test: 'a change that lost leaves its key to the next attempt' },
  },
  {
    name: 'half-a-merge',
    rule: 'both carts of a merge are stored, or neither is',
    patches: [{ file: inCarts, search: '      if (stored.size < changes.length) throw lost\n', replace: '' }],
    hunt: { by: 'drill', file: cartDrills, test: 'both carts of a merge are stored' },
  },
  {
    name: 'two-live-carts',
    rule: 'a user has one live cart',
    patches: [
      {
        file: 'prisma/cart/migrations/20261128200000_init/migration.sql',
        search: 'CREATE UNIQUE INDEX "carts_live_user"',
        replace: 'CREATE INDEX "carts_live_user"',
      },
    ],
    hunt: { by: 'drill', file: cartDrills, test: 'of eight first carts of one user one is stored' },
  },
  {
    name: 'cart-key-not-guarded',
    rule: 'the key of a request is taken by the statement that makes its change',
    patches: [
      {
        file: inWriteCarts,
        search: '    where k.thing::uuid in (select id from stored)\n',
        replace: '    where k.thing::uuid in (select id from stored) on conflict do nothing\n',
      },
    ],
    hunt: { by: 'drill', file: cartDrills, test: 'a request is known by its key' },
  },
]

export const cartMutants: readonly Mutant[] = [...ruleMutants, ...storeMutants]

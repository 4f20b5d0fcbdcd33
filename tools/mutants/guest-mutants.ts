import type { Mutant } from './mutant.ts'

/** Who takes over what was bought as a guest. */
export const guestMutants: readonly Mutant[] = [
  {
    name: 'claimed-without-proof',
    rule: 'only who has shown by a mail that the address is theirs takes over its orders',
    patches: [
      {
        file: 'internal/gateway/routes/order-routes.ts',
        search: 'if (!emailVerified)',
        replace: 'if (email === "")',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/gateway/routes/order-routes.test.ts',
      test: 'orders of guests are taken over by whose address a mail has shown, and by nobody else',
    },
  },
  {
    name: 'orders-of-others-claimed',
    rule: 'an order that is somebody’s is taken over by nobody',
    patches: [
      {
        file: 'internal/order/infrastructure/guest-orders.ts',
        search: "<> '' and user_id is null\n  order by",
        replace: "<> '' and user_id is distinct from '00000000-0000-0000-0000-000000000000'\n  order by",
      },
      {
        file: 'internal/order/infrastructure/guest-orders.ts',
        search: 'where id = any($2::uuid[]) and user_id is null',
        replace: 'where id = any($2::uuid[]) and user_id is distinct from $1::uuid',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/order/infrastructure/guest-orders.int.test.ts',
      test: 'orders of guests become those of the account with their address, and no others',
    },
  },
]

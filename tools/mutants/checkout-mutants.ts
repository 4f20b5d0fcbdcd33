import type { Hunt, Mutant } from './mutant.ts'

const drills = 'internal/order/infrastructure/checkout-drills.int.test.ts'
const drill = (test: string, file = drills): Hunt => ({ by: 'drill', file, test })

/** Rules of orders that are made of carts. */
export const checkoutMutants: readonly Mutant[] = [
  {
    name: 'cart-bought-twice',
    rule: 'a version of a cart makes one order',
    patches: [
      {
        file: 'internal/order/infrastructure/insert-checkouts.ts',
        search: 'from wanted where id in (select order_id from claimed)',
        replace: 'from wanted where true',
      },
    ],
    hunt: drill('of many checkouts of one version, in two processes, one makes the order'),
  },
  {
    name: 'earlier-order-without-its-key',
    rule: 'a key that was answered with an order means it ever after',
    patches: [
      {
        file: 'internal/order/application/checkout.ts',
        search: 'if (call.once) await deps.checkouts.claim(call.once, earlier.id)',
        replace: '',
      },
    ],
    hunt: drill(
      'a key that was answered with an order means it, whatever the user has bought since',
      'internal/order/application/earlier-checkout.test.ts',
    ),
  },
  {
    name: 'lock-without-tombstone',
    rule: 'a cart is given back only when no order of its version can come any more',
    patches: [
      {
        file: 'internal/order/application/reap-locks.ts',
        search: 'const statuses = await checkouts.takeBack(locked)',
        replace:
          'const statuses = await Promise.all(locked.map(async (each) => (await checkouts.findByCart(each))?.status))',
      },
    ],
    hunt: drill('a checkout that died between its lock and its order gives the cart back'),
  },
  {
    name: 'ended-order-keeps-its-promotions',
    rule: 'the promotions of an order that has ended are released',
    patches: [
      {
        file: 'internal/order/application/follow-up.ts',
        search: 'await prices.release(hold)',
        replace: 'await Promise.resolve(hold)',
      },
    ],
    hunt: drill('what follows is done once it has been done, whatever dies before'),
  },
  {
    name: 'first-payment-marked-before-begun',
    rule: 'the first payment is marked as begun afterwards',
    patches: [
      {
        file: 'internal/order/application/follow-up.ts',
        search: '    await till.beginFirst(order, owedLines(order), firstPayment, trace)\n',
        replace:
          '    await checkouts.markBegun(id, firstPayment.id)\n    await till.beginFirst(order, owedLines(order), firstPayment, trace)\n',
      },
    ],
    hunt: drill('what follows is done once it has been done, whatever dies before'),
  },
  {
    name: 'order-stored-whatever-the-revision',
    rule: 'what is told of its money is stored only on the state of the order that it was decided on',
    patches: [
      {
        file: 'internal/order/infrastructure/write-order-file.ts',
        search: ' and w.seen = o.revision',
        replace: '',
      },
    ],
    hunt: drill(
      'what was decided on money that is not the newest any more is decided again',
      'internal/order/infrastructure/prisma-orders.int.test.ts',
    ),
  },
  {
    name: 'told-whatever-the-revision',
    rule: 'a cart is told of what the order is now',
    patches: [
      {
        file: 'internal/order/infrastructure/postgres-checkouts.ts',
        search: 'where o.id = s.id and o.revision = s.revision and o.awaiting_cart',
        replace: 'where o.id = s.id and o.awaiting_cart',
      },
    ],
    hunt: drill('an order that changes while its cart is told is told of again'),
  },
  {
    name: 'stock-kept-without-promotion',
    rule: 'the stock of an order whose promotions are used up goes back',
    patches: [
      {
        file: 'internal/order/domain/settle.ts',
        search: 'reject({ ...order, awaitingRelease: true }, refusal, at)',
        replace: 'reject(order, refusal, at)',
      },
    ],
    hunt: drill('a promotion that is used up rejects the order, and its stock goes back at once'),
  },
  {
    name: 'two-living-orders-of-a-cart',
    rule: 'a cart of which an order lives is bought by no other',
    patches: [
      {
        file: 'prisma/order/migrations/20261128230000_checkout/migration.sql',
        search: 'CREATE UNIQUE INDEX "orders_live_cart_key"',
        replace: 'CREATE INDEX "orders_live_cart_key"',
      },
    ],
    hunt: drill('a cart of which an order lives is bought by no other'),
  },
]

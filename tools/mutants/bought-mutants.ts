import type { Hunt, Mutant } from './mutant.ts'

const simulation: Hunt = { by: 'simulation' }
const inFollowUp = 'internal/order/application/follow-up.ts'

/** Rules of carts, checkouts and promotions that the simulation runs unchanged. */
export const boughtMutants: readonly Mutant[] = [
  {
    name: 'ended-order-keeps-its-promotions (simulated)',
    rule: 'the promotions of an order that has ended are released',
    patches: [
      {
        file: inFollowUp,
        search: 'await prices.release(hold)',
        replace: 'await Promise.resolve(hold)',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'merge-loses-lines (simulated)',
    rule: "what a guest has gathered is in the user's cart after the login",
    patches: [
      {
        file: 'internal/cart/domain/merge.ts',
        search: '  return [...kept, ...added.map(',
        replace: '  return [...kept, ...added.slice(1).map(',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'orphaned-lock-kept',
    rule: 'a cart whose checkout died between its lock and its order is given back',
    patches: [
      {
        file: 'internal/order/application/reap-locks.ts',
        search: 'await someAtOnce(orphans, ',
        replace: 'await someAtOnce(orphans.slice(orphans.length), ',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'cart-bought-twice (model)',
    rule: 'a version of a cart makes one order',
    patches: [
      {
        file: 'internal/order/testing/in-memory-checkouts.ts',
        search: 'if (versions.has(versionKey(cart))) {',
        replace: 'if (versions.size < 0) {',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'first-payment-without-its-id',
    rule: 'the first payment has its id from the checkout, so that it begins once',
    patches: [
      {
        file: 'internal/order/infrastructure/payment-ports.ts',
        search: "capture: '', paymentId }",
        replace: "capture: '', paymentId: paymentId.slice(99) }",
      },
    ],
    hunt: simulation,
  },
  {
    name: 'first-payment-marked-before-begun (simulated)',
    rule: 'the first payment is marked as begun afterwards',
    patches: [
      {
        file: inFollowUp,
        search: '    await till.beginFirst(order, owedLines(order), firstPayment, trace)\n',
        replace:
          '    await checkouts.markBegun(id, firstPayment.id)\n    await till.beginFirst(order, owedLines(order), firstPayment, trace)\n',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'follow-up-lost',
    rule: 'what an order leaves to be done is done by the sweeper when its process has died',
    patches: [
      {
        file: 'internal/order/application/sweep-orders.ts',
        search: '(await deps.untold(before, sweepBatch)).map(untoldOrder)',
        replace: '(await deps.untold(before, 0)).map(untoldOrder)',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'total-not-agreed',
    rule: 'a cart is bought for what its buyer has seen',
    patches: [
      {
        file: 'internal/order/application/checkout.ts',
        search: 'if (toMinor(input.expectedTotal, cart.currency) !== totalMinor) throw totalChanged()',
        replace: 'if (toMinor(input.expectedTotal, cart.currency) < 0n) throw totalChanged()',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'promotion-beyond-its-limit',
    rule: 'a promotion is redeemed as often as its limit says',
    patches: [
      {
        file: 'internal/pricing/domain/redemption.ts',
        search: "if (limit !== undefined && redeemed >= limit) return 'used-up'",
        replace: "if (limit !== undefined && redeemed < 0) return 'used-up'",
      },
      {
        file: 'internal/pricing/domain/choose-promotions.ts',
        search: "if (limit !== undefined && redeemed >= limit) return 'used-up'",
        replace: "if (limit !== undefined && redeemed < 0) return 'used-up'",
      },
    ],
    hunt: simulation,
  },
  {
    name: 'paid-order-closing-for-ever',
    rule: 'an order that was paid when its cart was to be reopened stays paid, and is not closing',
    patches: [
      {
        file: 'internal/order/domain/closing.ts',
        search: "return open.status === 'paid'",
        replace: "return open.status === 'completed'",
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/order/application/reopen-cart.test.ts',
      test: 'a cart that does not know yet that its order is paid is not reopened',
    },
  },
]

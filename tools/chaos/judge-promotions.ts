import type { EndCheckout, EndRedemption } from './end-buying.ts'
import type { EndState } from './end-state.ts'
import type { Promotion } from './history.ts'
import { isLiving, wasPaid } from './order-life.ts'
import { groupBy, ruleOf, type Rule } from './rule.ts'

/** Compares the limits with the orders that were priced by promotions, and these with the redemptions that are stored. */
export function judgePromotions(
  promotions: readonly Promotion[],
  { orders, checkouts, redemptions }: EndState,
): readonly Rule[] {
  const byId = new Map(orders.map((order) => [order.id, order]))
  const living = checkouts.filter(({ order }) => isLiving(byId.get(order)))
  const held = groupBy(redemptions, useOf)
  const priced = living.flatMap(({ order, promotions: ids }) =>
    ids.map((promotion) => ({ order, promotion })),
  )
  return [
    ruleOf('a promotion is used within its limits', promotions, (promotion) =>
      beyond(promotion, living, redemptions),
    ),
    ruleOf('an order that lives has the redemptions by which it was priced', priced, (use) => {
      const count = held.get(useOf(use))?.length ?? 0
      return count === 1 ? undefined : `order ${use.order} has promotion ${use.promotion} ${count} times`
    }),
    ruleOf('what is redeemed is of an order that lives, or was paid for', redemptions, (use) => {
      const order = byId.get(use.order)
      return order && (isLiving(order) || wasPaid(order))
        ? undefined
        : `promotion ${use.promotion} is redeemed by order ${use.order}, which is ${order?.status ?? 'not there'}`
    }),
  ]
}

/** Of the orders and of the redemptions alike, in all and for each customer. */
function beyond(
  { id, limit = Infinity, limitPerCustomer = Infinity }: Promotion,
  living: readonly EndCheckout[],
  redemptions: readonly EndRedemption[],
): string | undefined {
  const uses = [
    living.filter(({ promotions }) => promotions.includes(id)),
    redemptions.filter(({ promotion }) => promotion === id),
  ]
  for (const ones of uses) {
    if (ones.length > limit) return `promotion ${id} of ${limit} is used ${ones.length} times`
    for (const [customer, own] of groupBy<EndCheckout | EndRedemption>(ones, (one) => one.customerKey ?? ''))
      if (own.length > limitPerCustomer) return `promotion ${id} is used ${own.length} times by ${customer}`
  }
  return undefined
}

const useOf = ({ order, promotion }: { readonly order: string; readonly promotion: string }): string =>
  `${order} ${promotion}`

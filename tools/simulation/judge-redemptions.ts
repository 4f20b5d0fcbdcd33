import { cartFate } from '../../internal/order/domain/cart-fate.ts'
import type { Order } from '../../internal/order/domain/order.ts'
import { holdKey } from '../../internal/pricing/testing/in-memory-redemptions.ts'
import { dead } from './judge-checkouts.ts'
import type { Stores } from './stores.ts'

/** Checks that no promotion is redeemed beyond its limits, and that living orders redeem theirs and nobody else does. */
export function judgeRedemptions(
  { pricing: { tables } }: Stores,
  orders: readonly Order[],
): readonly string[] {
  return [...judgeLimits(tables), ...judgeHolds(tables, orders)]
}

type Tables = Stores['pricing']['tables']

function judgeLimits({ promotions, redemptions }: Tables): readonly string[] {
  return [...promotions.values()].flatMap(
    ({ id, redeemed, limit = Infinity, limitPerCustomer = Infinity }) => {
      const own = redemptions.filter(({ promotionId }) => promotionId === id)
      const wrong: string[] = []
      if (own.length !== redeemed)
        wrong.push(`promotion ${id} counts ${redeemed} redemptions, and there are ${own.length}`)
      if (own.length > limit)
        wrong.push(`promotion ${id} is redeemed ${own.length} times, and its limit is ${limit}`)
      const customers = own.map(({ customerKey }) => customerKey)
      for (const customer of new Set(customers)) {
        const times = customers.filter((each) => each === customer).length
        if (times > limitPerCustomer) wrong.push(`promotion ${id} is redeemed ${times} times by one customer`)
      }
      return wrong
    },
  )
}

function judgeHolds({ holds, redemptions }: Tables, orders: readonly Order[]): readonly string[] {
  const wrong: string[] = []
  const bound = new Set<string>()
  for (const order of orders) {
    const { id, status, terms, holdNo } = order
    if (!terms || terms.promotions.length === 0) continue
    const key = `${id} ${holdNo}`
    const hold = holds.get(key)
    const own = redemptions
      .filter((each) => holdKey(each) === key)
      .map(({ promotionId }) => promotionId as string)
    const wanted = terms.promotions.map((promotion) => promotion.id as string)
    // What was confirmed stays used, whatever becomes of the order.
    const isUsed = hold?.status === 'confirmed'
    if (!dead.includes(status) || isUsed) {
      bound.add(key)
      if (own.sort().join() !== wanted.sort().join())
        wrong.push(`order ${id} is ${status}, and redeems ${own.length} of its ${wanted.length} promotions`)
    } else if (own.length > 0) wrong.push(`order ${id} is ${status}, and redeems promotions`)
    if (cartFate(order) === 'ordered' && !isUsed)
      wrong.push(`order ${id} is ${status}, and its promotions are ${hold?.status ?? 'not held'}`)
  }
  for (const used of redemptions) {
    const key = holdKey(used)
    if (!bound.has(key) && holds.get(key)?.status !== 'confirmed')
      wrong.push(`promotion ${used.promotionId} is redeemed by ${key}, which is no hold of a living order`)
  }
  return wrong
}

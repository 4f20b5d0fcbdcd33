import t from 'tap'
import type { EndState } from './end-state.ts'
import type { Promotion } from './history.ts'
import { judgePromotions } from './judge-promotions.ts'
import { aCheckout, anOrder, emptyEnd, violatedIn } from './testing/world.ts'

const few: Promotion = { t: 'promotion', id: 'few', limit: 2, limitPerCustomer: 1 }
const use = (order: string, customerKey = order) => ({ order, promotion: 'few', customerKey })
const priced = (order: string, customerKey = order) =>
  aCheckout({ order, cart: order, promotions: ['few'], customerKey })
const orders = [anOrder(), anOrder({ id: 'o2' })]
const end: EndState = {
  ...{ ...emptyEnd, orders },
  checkouts: [priced('o1'), priced('o2')],
  redemptions: [use('o1'), use('o2')],
}
const broken = (state: Partial<EndState> = {}, promotion = few): readonly string[] =>
  violatedIn(judgePromotions([promotion], { ...end, ...state }))

const withinLimits = 'a promotion is used within its limits'
const hasItsOwn = 'an order that lives has the redemptions by which it was priced'
const ofTheLiving = 'what is redeemed is of an order that lives, or was paid for'

t.test('as many as there are, each by an order that lives, are in order', async (t) => {
  t.same(broken(), [])
})

t.test('one use more than the limit is found, of the orders and of the redemptions', async (t) => {
  t.same(broken({}, { ...few, limit: 1 }), [withinLimits])
  const third = anOrder({ id: 'o3' })
  const one = { orders: [...orders, third], checkouts: [...end.checkouts, priced('o3')] }
  t.same(broken(one), [withinLimits, hasItsOwn], 'pricing knows nothing of it')
  const dead = anOrder({ id: 'o3', status: 'canceled' })
  const used = { orders: [...orders, dead], redemptions: [...end.redemptions, use('o3')] }
  t.same(broken(used), [withinLimits])
})

t.test('one use more by the same customer is found', async (t) => {
  const same = { checkouts: [priced('o1', 'ann'), priced('o2', 'ann')] }
  t.same(broken(same), [withinLimits])
  t.same(broken({ redemptions: [use('o1', 'ann'), use('o2', 'ann')] }), [withinLimits])
})

t.test('a redemption that is missing, or doubled, is found', async (t) => {
  t.same(broken({ redemptions: [use('o1')] }), [hasItsOwn])
  const unbound = { ...few, limit: 9, limitPerCustomer: 9 }
  t.same(broken({ redemptions: [use('o1'), use('o2'), use('o2')] }, unbound), [hasItsOwn])
})

t.test('a redemption that did not come back is found, unless its order was paid for', async (t) => {
  const of = (history: readonly string[]) => ({
    orders: [anOrder(), anOrder({ id: 'o2', status: 'canceled', history })],
  })
  t.same(broken(of(['pending', 'confirmed', 'canceled'])), [ofTheLiving])
  t.same(broken(of(['pending', 'confirmed', 'paid', 'canceled'])), [])
  t.same(broken({ orders: [anOrder()] }), [ofTheLiving])
})

import { setTimeout as sleep } from 'node:timers/promises'
import type { History, Item } from './history.ts'
import { insister } from './insist.ts'
import { openCartShoppers } from './cart-shoppers.ts'
import type { Dashboard } from './aftermath.ts'
import { openPayers } from './payers.ts'
import type { Person } from './paying-steps.ts'
import type { Random } from '../shared/random.ts'
import { openShelfStaff } from './shelf-staff.ts'
import { toldOrder, type ShopHttp } from './shop-http.ts'
import type { ShopRules } from './shop-rules.ts'
import type { Ways } from './ways-to-pay.ts'

export type ShoppersOptions = {
  readonly http: ShopHttp
  readonly history: History
  readonly random: Random
  readonly customers: readonly Person[]
  readonly admin: Person
  readonly shelves: Shelves
  /** Undefined where no provider's page can be reached: then nobody pays, and nobody buys through a cart. */
  readonly till: Till | undefined
}

export type Till = {
  readonly dashboard: Dashboard | undefined
  readonly ways: Ways
  readonly rules: ShopRules
  /** Customers who buy through carts only. */
  readonly members: readonly Person[]
}

/** The products, grouped by how many units there are. */
export type Shelves = {
  readonly plenty: readonly string[]
  readonly scarce: readonly string[]
  readonly flash: string
}

export type Shoppers = {
  /** Lets a buyer arrive. The call does not wait for what the buyer does. */
  readonly arrive: () => void
  /** Lets a buyer of the flash sale arrive. */
  readonly rush: () => void
  /** Lets the admin book a delivery or a loss, and describe the product in other words. */
  readonly adjust: () => void
  readonly underWay: () => number
  /** From now on nobody tries again after the present attempt. */
  readonly giveUp: () => void
  readonly counts: () => Readonly<Record<string, number>>
}

const shareOfLookers = 0.2
const shareOfCancelers = 0.3
const shareOfPayers = 0.12
/** Of the flash sale, so that what they got stays sold. */
const shareOfPayersInARush = 0.5
/** Of all buyers: they fill a cart and check out. */
const shareWithCart = 0.55
const mostUnderWay = 1_500

export function openShoppers(options: ShoppersOptions): Shoppers {
  const { http, random, customers, shelves, till } = options
  const patience = { isOver: false }
  const { insist, counts } = insister(options, patience)
  let underWay = 0
  let lastKey = 0
  const newKey = (name: string): string => `${name}-${++lastKey}`
  const paying = { ...options, insist, patience, newKey }
  const payers = till && openPayers({ ...paying, ...till })
  const { book, describe } = openShelfStaff({ ...options, insist, newKey })
  const throughCart = till && payers && openCartShoppers({ ...paying, ...till, payers })

  async function buy(items: readonly Item[], shareThatPays: number): Promise<void> {
    const [{ id: user, token }, key] = [random.pick(customers), newKey('order')]
    const send = () => http.send({ method: 'POST', path: '/orders', token, key, body: { items } })
    const placed = await insist(key, { name: 'place', user, items }, send)
    const order = placed && toldOrder(placed).order?.id
    if (order === undefined) return
    if (random.next() < 0.02) await insist(key, { name: 'place', user, items }, send) // the same request once more must have the same result
    if (payers && random.next() < shareThatPays) await payers.pay(order, { token })
    else if (random.next() < shareOfLookers) await look(order, token)
  }

  async function look(order: string, token: string): Promise<void> {
    await sleep(random.integer(0, 1_500))
    const ask = () => http.send({ method: 'GET', path: `/orders/${order}`, token })
    await insist(newKey('look'), { name: 'look', order }, ask)
    if (random.next() > shareOfCancelers) return
    const body = { reason: 'changed my mind' }
    const send = () => http.send({ method: 'POST', path: `/orders/${order}/cancel`, token, body })
    await insist(newKey('cancel'), { name: 'cancel', order }, send)
    await insist(newKey('look'), { name: 'look', order }, ask)
  }

  const begin = (work: Promise<void>): void => {
    underWay++
    void work.finally(() => underWay--)
  }
  const come = (items: readonly Item[], shareThatPays: number): void => {
    const isWithCart = throughCart !== undefined && random.next() < shareWithCart
    begin(isWithCart ? throughCart(items) : buy(items, shareThatPays))
  }
  return {
    arrive() {
      if (underWay >= mostUnderWay) return
      come(basketOf(random, shelves), shareOfPayers)
    },
    rush: () => come([{ productId: shelves.flash, quantity: 1 }], shareOfPayersInARush),
    adjust() {
      const quantity = random.next() < 0.8 ? random.integer(5, 20) : -random.integer(1, 5)
      const product = random.pick([...shelves.scarce, ...shelves.plenty])
      begin(book(product, quantity))
      begin(describe(product))
    },
    underWay: () => underWay,
    giveUp: () => (patience.isOver = true),
    counts: () => counts,
  }
}

/** One to three lines, sometimes with a scarce product. */
function basketOf(random: Random, { plenty, scarce }: Shelves): readonly Item[] {
  const products = new Set([random.pick(random.next() < 0.25 ? scarce : plenty)])
  if (random.next() < 0.3) products.add(random.pick(plenty))
  if (random.next() < 0.1) products.add(random.pick([...plenty, ...scarce]))
  return [...products].map((productId) => ({ productId, quantity: random.integer(1, 3) }))
}

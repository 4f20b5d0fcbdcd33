import type { Order } from '../../internal/order/domain/order.ts'
import type { Terms } from '../../internal/order/domain/terms.ts'
import { toDecimal } from '../../internal/platform/money.ts'
import type { Answered } from './clients.ts'
import type { Checkout, SeenCart } from './shoppers.ts'
import { checkoutClient } from './shopping.ts'
import type { Stores } from './stores.ts'

type Ended = { readonly stores: Stores; readonly answered: Answered }

export const dead: readonly Order['status'][] = ['canceled', 'expired', 'rejected']

/**
 * Checks that each version of a cart made one order, that one order of each cart lives, that what was frozen adds up and
 * is what the buyer had seen, and that the first payment began by itself, once.
 */
export function judgeCheckouts({ stores, answered }: Ended, orders: readonly Order[]): readonly string[] {
  const bought = orders.filter(({ terms }) => terms)
  return [
    ...bought.flatMap((order) => judgeParts(order)),
    ...judgePlaces(stores, bought),
    ...answered.carts.checkouts.flatMap((checkout) => judgeAnswer(checkout, bought)),
    ...bought.flatMap((order) => judgePrice(order, answered.carts.checkouts)),
    ...bought.flatMap((order) => judgeFirstPayment(order, stores, answered.carts.checkouts)),
  ]
}

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, each) => sum + each, 0n)

type Parts = ReturnType<typeof partsOf>

const partsOf = ({ shipping, lines }: Terms) => ({
  discount: sumOf([...lines, shipping].map(({ discountMinor }) => discountMinor)),
  tax: sumOf([...lines, shipping].map(({ taxMinor }) => taxMinor)),
  shipping: shipping.priceMinor,
})

const goodsOf = ({ lines }: Order): bigint =>
  sumOf(lines.map(({ unitPriceMinor, quantity }) => unitPriceMinor * BigInt(quantity)))

function judgeParts(order: Order): readonly string[] {
  const { id, terms, totalMinor, lines } = order
  if (!terms) return []
  const wrong: string[] = []
  const parts: Parts = partsOf(terms)
  const comesTo = goodsOf(order) - parts.discount + parts.shipping + (terms.isTaxIncluded ? 0n : parts.tax)
  if (comesTo !== totalMinor)
    wrong.push(`the parts of order ${id} come to ${comesTo}, and it costs ${totalMinor}`)
  if (terms.lines.length !== lines.length)
    wrong.push(`order ${id} has other lines than those that were priced`)
  if (parts.discount !== terms.discountMinor)
    wrong.push(`order ${id} has discounts of ${parts.discount} in its lines, and of ${terms.discountMinor}`)
  const promoted = sumOf(terms.promotions.map(({ amountMinor }) => amountMinor))
  if (promoted !== terms.discountMinor)
    wrong.push(`order ${id} has discounts of ${terms.discountMinor}, and promotions of ${promoted}`)
  const rates = sumOf(terms.taxLines.map(({ taxMinor }) => taxMinor))
  if (parts.tax !== terms.taxMinor || rates !== terms.taxMinor)
    wrong.push(`order ${id} has taxes of ${terms.taxMinor}, ${parts.tax} in its lines and ${rates} by rates`)
  return wrong
}

function judgePlaces({ orders: { checkouts } }: Stores, bought: readonly Order[]): readonly string[] {
  const wrong: string[] = []
  const living = new Map<string, string>()
  const versions = new Map<string, string>()
  for (const { id, status, terms } of bought) {
    if (!terms) continue
    const version = `${terms.cart.id} ${terms.cart.version}`
    const twin = versions.get(version)
    if (twin !== undefined) wrong.push(`doubled: one version of a cart made the orders ${twin} and ${id}`)
    if (checkouts.versions.get(version) !== id)
      wrong.push(`doubled: order ${id} is not that of its cart's version`)
    versions.set(version, id)
    if (dead.includes(status)) continue
    const other = living.get(terms.cart.id)
    if (other !== undefined) wrong.push(`doubled: the orders ${other} and ${id} of one cart live`)
    living.set(terms.cart.id, id)
  }
  return wrong
}

/** What a checkout was answered with is the order of its cart, and its repetitions made no other. */
function judgeAnswer({ request, call, seen, orders }: Checkout, bought: readonly Order[]): readonly string[] {
  const ids = [...new Set(orders.map(({ orderId }) => orderId))]
  if (ids.length > 1 && call.once) return [`doubled: one checkout got the orders ${ids.join(' and ')}`]
  return ids.flatMap((id): readonly string[] => {
    const terms = bought.find((each) => each.id === id)?.terms
    if (!terms) return [`lost: order ${id} of a checkout was answered`]
    const isOwn = terms.cart.id === seen.id && terms.cart.version === request.cartVersion
    // Without a key, a user who comes again when another cart was bought for as much is answered with that one.
    return isOwn || !call.once ? [] : [`order ${id} is not of the cart that its buyer had seen`]
  })
}

/** Whoever comes second with a version gets the order of the first one, whose total it has. */
function judgePrice(order: Order, checkouts: readonly Checkout[]): readonly string[] {
  const { id, terms, totalMinor, currency } = order
  if (!terms) return []
  const { cart } = terms
  const asked = checkouts.filter(
    ({ seen, request }) => seen.id === (cart.id as string) && request.cartVersion === cart.version,
  )
  const total = String(toDecimal(totalMinor, currency))
  const agreed = asked.filter(({ request }) => request.expectedTotal === total)
  if (agreed.length === 0) return [`order ${id} costs ${total}, which no buyer of its cart had seen`]
  // Another version than the one that was shown was asked for on purpose.
  const shown = agreed.filter(({ seen }) => seen.version === cart.version)
  const wrong = shown.map(({ seen }) => judgeSeen(order, terms, seen))
  return wrong.length > 0 && wrong.every((each) => each.length > 0) ? (wrong[0] ?? []) : []
}

function judgeSeen(order: Order, terms: Terms, seen: SeenCart): readonly string[] {
  const bought = order.lines.map(({ productId, quantity }, index) => {
    return `${quantity} ${productId} ${terms.lines[index]?.attributes ?? ''}`
  })
  const wanted = seen.items.map(({ productId, quantity, attributes = {} }) => {
    return `${quantity} ${productId} ${Object.keys(attributes).length === 0 ? '' : JSON.stringify(attributes)}`
  })
  if (bought.join() !== wanted.join()) return [`order ${order.id} has other lines than its buyer had seen`]
  const isSamePrice = order.lines.every(
    ({ unitPriceMinor }, index) => String(unitPriceMinor) === seen.items[index]?.unitPriceMinor,
  )
  const promotions = terms.promotions.map(({ code, amountMinor }) => `${code} ${amountMinor}`)
  const shown = seen.promotions.filter(({ amountMinor }) => amountMinor !== '0')
  const isSamePromotion = promotions.join() === shown.map((each) => `${each.code} ${each.amountMinor}`).join()
  // The total is the same in another way: a price or a promotion has changed meanwhile.
  if (!isSamePrice || !isSamePromotion) return []
  const { discount, tax, shipping } = partsOf(terms)
  const { discountMinor, taxMinor, shippingMinor } = seen.totals
  if (String(discount) === discountMinor && String(tax) === taxMinor && String(shipping) === shippingMinor)
    return []
  return [
    `order ${order.id} has ${discount} off, ${tax} of taxes and ${shipping} for shipping, ` +
      `and its buyer had seen ${discountMinor}, ${taxMinor} and ${shippingMinor}`,
  ]
}

function judgeFirstPayment(
  { id, status, firstPayment }: Order,
  { payments, orders }: Stores,
  checkouts: readonly Checkout[],
): readonly string[] {
  const account = [...payments.tables.accounts.values()].find(({ gate }) => gate.orderId === (id as string))
  const all = account?.payments ?? []
  const begun = all.filter(({ client }) => client === checkoutClient)
  const isThere = (wanted: string): boolean => begun.some((payment) => payment.id === wanted)
  // One that its buyer has begun before may have taken its place.
  const isSaid = orders.checkouts.begun.has(id) && all.length === 0
  const named = checkouts.flatMap((checkout) =>
    checkout.orders.flatMap(({ orderId, paymentId }) => (orderId === id && paymentId ? [paymentId] : [])),
  )
  const wrong: string[] = []
  if (firstPayment && status === 'confirmed') wrong.push(`the first payment of order ${id} has not begun`)
  if (isSaid) wrong.push(`lost: the first payment of order ${id} is said to have begun, and did not`)
  if (begun.length > 1) wrong.push(`doubled: the first payment of order ${id} began ${begun.length} times`)
  if (begun.length > 0 && named.length > 0 && !named.some(isThere))
    wrong.push(`lost: order ${id} was answered with the payment ${named.join()}, and another one began`)
  return wrong
}

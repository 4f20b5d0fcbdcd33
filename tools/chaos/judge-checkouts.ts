import type { EndCart, EndCheckout } from './end-buying.ts'
import type { EndOrder, EndState } from './end-state.ts'
import type { Operation } from './history.ts'
import { textOf } from './judge-orders.ts'
import { succeeded, wasRefused, type Attempts } from './operations.ts'
import { isLiving, isPaid } from './order-life.ts'
import { countClasses, groupBy, ruleOf, type Class, type ClassCounts, type Rule } from './rule.ts'

type Named<Name extends Operation['name']> = Attempts & {
  readonly operation: Extract<Operation, { readonly name: Name }>
}

/** All requests to order one version of a cart, and what is stored of it. */
type Judged = {
  readonly version: string
  readonly attempts: readonly Named<'checkout'>[]
  readonly stored: readonly EndOrder[]
}

const bad: readonly Class[] = ['lost', 'doubled', 'unexpected']

/** Compares what buyers have checked out with the orders that are stored. */
export function judgeCheckouts(
  operations: readonly Attempts[],
  { orders, checkouts }: EndState,
): { readonly counts: ClassCounts; readonly rules: readonly Rule[] } {
  const byId = new Map(orders.map((order) => [order.id, order]))
  const ofVersion = groupBy(checkouts, versionOf)
  const ordersOf = (those: readonly EndCheckout[] = []): readonly EndOrder[] =>
    those.flatMap(({ order }) => byId.get(order) ?? [])
  const asked = groupBy(named(operations, 'checkout'), ({ operation }) => versionOf(operation))
  const judged = [...asked].map(([version, attempts]): Judged => {
    return { version, attempts, stored: ordersOf(ofVersion.get(version)) }
  })
  return {
    counts: { checkout: countClasses(judged.map(classOf)) },
    rules: [
      ruleOf('an order of a checkout is there, as it was answered', judged, (one) =>
        bad.includes(classOf(one)) ? `${one.version} is ${classOf(one)} (${keysOf(one)})` : undefined,
      ),
      ruleOf('a version of a cart is ordered once', [...ofVersion], ([version, those]) =>
        those.length > 1 ? `${version} is ${idsOf(ordersOf(those))}` : undefined,
      ),
      ruleOf('one order of a cart lives', [...groupBy(checkouts, ({ cart }) => cart)], ([cart, those]) => {
        const living = ordersOf(those).filter(isLiving)
        return living.length > 1 ? `${cart} has ${idsOf(living)}` : undefined
      }),
      ruleOf('no cart is ordered that nobody checked out', checkouts, (one) =>
        asked.has(versionOf(one)) ? undefined : `order ${one.order} is of ${versionOf(one)}`,
      ),
    ],
  }
}

/** Compares carts with the orders that were made of them, and with what their owners were told. */
export function judgeCarts(
  operations: readonly Attempts[],
  { orders, checkouts, carts }: EndState,
): { readonly counts: ClassCounts; readonly rules: readonly Rule[] } {
  const byId = new Map(orders.map((order) => [order.id, order]))
  const cartsById = new Map(carts.map((cart) => [cart.id, cart]))
  const reopened = named(operations, 'reopen')
  const fateOf = (one: Named<'reopen'>): Class => reopenClass(one, byId.get(one.operation.order))
  return {
    counts: { reopen: countClasses(reopened.map(fateOf)) },
    rules: [
      ruleOf('a cart that was taken back has no order that lives', reopened, (one) =>
        fateOf(one) === 'lost' ? `${one.key}: order ${one.operation.order} lives` : undefined,
      ),
      ruleOf('no cart stays locked without an order that lives', carts, ({ id, status, order }) => {
        const of = byId.get(order ?? '')
        return status === 'locked' && !isLiving(of)
          ? `cart ${id} is locked for order ${order ?? 'none'}, which is ${of?.status ?? 'not there'}`
          : undefined
      }),
      ruleOf('a cart whose order is paid is over', checkouts, ({ order, cart }) => {
        const [of, status = 'gone'] = [byId.get(order), cartsById.get(cart)?.status]
        return of && isPaid(of) && status !== 'ordered'
          ? `cart ${cart} is ${status}, and order ${order} ${of.status}`
          : undefined
      }),
      ruleOf(
        'the cart of a guest who has logged in is not lost',
        named(operations, 'merge').filter((one) => succeeded(one).length > 0),
        (one) => mergeTrouble(one, cartsById),
      ),
    ],
  }
}

/** One order of a version, whoever asked, and each answer is that order. */
function classOf({ attempts, stored }: Judged): Class {
  const answers = attempts.flatMap((one) => succeeded(one).map((told) => ({ told, ...one.operation })))
  const ids = new Set(answers.map(({ told }) => told.order?.id))
  if (stored.length > 1 || ids.size > 1) return 'doubled'
  const [order] = stored
  if (answers.length > 0) {
    const isTrue = answers.every(({ told, user, items, total }) => {
      if (!order || told.order?.id !== order.id || told.order.total !== total) return false
      return order.user === (user ?? null) && order.total === total && sameItems(order, items)
    })
    return isTrue ? 'ok' : 'lost'
  }
  if (attempts.every((one) => one.isDefinite && wasRefused(one))) return order ? 'unexpected' : 'refused'
  return order ? 'unknown-recovered' : 'unknown-absent'
}

const sameItems = (order: EndOrder, items: EndOrder['items']): boolean =>
  textOf(order.items) === textOf(items)

/** Late money may revive an order that had expired when the cart was taken back. */
function reopenClass(one: Named<'reopen'>, order: EndOrder | undefined): Class {
  const isBack = !isLiving(order) || order?.history.includes('expired') === true
  if (succeeded(one).some(({ isReopened }) => isReopened)) return isBack ? 'ok' : 'lost'
  if (one.isDefinite) return 'refused'
  return isBack ? 'unknown-recovered' : 'unknown-absent'
}

/** A merge that fails leaves the guest's cart as it was. */
function mergeTrouble(
  { key, operation: { cart, user } }: Named<'merge'>,
  carts: ReadonlyMap<string, EndCart>,
): string | undefined {
  const found = carts.get(cart)
  if (!found) return `${key}: cart ${cart} is gone`
  if (found.status !== 'merged') return found.lines.length > 0 ? undefined : `${key}: cart ${cart} is empty`
  const target = carts.get(found.mergedInto ?? '')
  return target?.user === user ? undefined : `${key}: cart ${cart} went to ${target?.user ?? 'nobody'}`
}

function named<Name extends Operation['name']>(
  operations: readonly Attempts[],
  name: Name,
): readonly Named<Name>[] {
  return operations.filter((one): one is Named<Name> => one.operation.name === name)
}

const versionOf = ({ cart, version }: Pick<EndCheckout, 'cart' | 'version'>): string =>
  `version ${version} of cart ${cart}`
const idsOf = (orders: readonly EndOrder[]): string => orders.map(({ id }) => id).join(' and ')
const keysOf = ({ attempts }: Judged): string => attempts.map(({ key }) => key).join(', ')

import type { EndOrder, EndState } from './end-state.ts'
import type { Item, Operation, Told } from './history.ts'
import { succeeded, wasRefused, type Attempts } from './operations.ts'
import { countClasses, groupBy, ruleOf, type Class, type ClassCounts, type Rule } from './rule.ts'

type Judged = Attempts & { readonly stored: readonly EndOrder[] }

/** Compares what clients placed, canceled and saw with the orders that are stored. */
export function judgeOrders(
  operations: readonly Attempts[],
  { orders, checkouts }: EndState,
): { readonly counts: ClassCounts; readonly rules: readonly Rule[] } {
  const byId = new Map(orders.map((order) => [order.id, order]))
  const byKey = groupBy(orders, ({ key }) => key ?? '')
  const placed = operations
    .filter(({ operation }) => operation.name === 'place')
    .map((attempts): Judged => ({ ...attempts, stored: byKey.get(attempts.key) ?? [] }))
  const canceled = operations.filter(({ operation }) => operation.name === 'cancel')
  const classOfCancel = (attempts: Attempts): Class => cancelClass(attempts, byId)
  const keys = new Set(placed.map(({ key }) => key))
  const ofCarts = new Set(checkouts.map(({ order }) => order)) // judge-checkouts.ts has these
  return {
    counts: {
      place: countClasses(placed.map(placeClass)),
      cancel: countClasses(canceled.map(classOfCancel)),
    },
    rules: [
      ruleOf('an order that was answered is there, as it was answered', placed, answeredIsThere),
      ruleOf('one key is one order', placed, oneKeyOneOrder),
      ruleOf('an order that was refused is not there', placed, refusedIsAbsent),
      ruleOf('nothing is there that nobody ordered', orders, ({ id, key }) =>
        ofCarts.has(id) || (key !== undefined && keys.has(key))
          ? undefined
          : `nobody ordered ${id}, key ${key ?? 'none'}`,
      ),
      ruleOf('a cancellation that was answered holds', canceled, (attempts) =>
        classOfCancel(attempts) === 'lost'
          ? `${attempts.key}: ${orderOf(attempts)} is not canceled`
          : undefined,
      ),
      ruleOf('what was seen of an order is in its history, in that order', seen(operations), (told) =>
        seenIsLawful(told, byId.get(told[0]?.order?.id ?? '')),
      ),
      ruleOf('nothing is pending in the end', orders, ({ id, status }) =>
        status === 'pending' ? `${id} is pending` : undefined,
      ),
    ],
  }
}

function placeClass(judged: Judged): Class {
  const ids = new Set(succeeded(judged).map(({ order }) => order?.id))
  if (judged.stored.length > 1 || ids.size > 1) return 'doubled'
  if (ids.size === 1) return answeredIsThere(judged) === undefined ? 'ok' : 'lost'
  if (judged.isDefinite && wasRefused(judged)) return judged.stored.length === 0 ? 'refused' : 'unexpected'
  return judged.stored.length === 0 ? 'unknown-absent' : 'unknown-recovered'
}

function answeredIsThere(judged: Judged): string | undefined {
  const { key, operation, stored } = judged
  for (const { order } of succeeded(judged)) {
    const found = stored.find(({ id }) => id === order?.id)
    if (!order || !found) return `${key}: order ${order?.id ?? '?'} was answered and does not exist`
    const wanted = operation.name === 'place' ? operation : { items: [], user: '' }
    if (found.user !== wanted.user) return `${key}: order ${found.id} belongs to another`
    if (![order.items, wanted.items].every((items) => textOf(items) === textOf(found.items)))
      return `${key}: order ${found.id} has other items: ${textOf(found.items)}`
    if (order.total !== found.total)
      return `${key}: order ${found.id} costs ${found.total}, and ${order.total} was answered`
  }
  return undefined
}

function oneKeyOneOrder(judged: Judged): string | undefined {
  const ids = new Set([
    ...judged.stored.map(({ id }) => id),
    ...succeeded(judged).map(({ order }) => order?.id),
  ])
  return ids.size > 1 ? `${judged.key} is ${[...ids].join(' and ')}` : undefined
}

const refusedIsAbsent = (judged: Judged): string | undefined =>
  placeClass(judged) === 'unexpected'
    ? `${judged.key} was refused, and order ${judged.stored[0]?.id} exists`
    : undefined

function cancelClass(attempts: Attempts, byId: ReadonlyMap<string, EndOrder>): Class {
  const isCanceled = byId.get(orderOf(attempts))?.status === 'canceled'
  if (succeeded(attempts).length > 0) return isCanceled ? 'ok' : 'lost'
  // Another cancellation of the same order may have been quicker, so a refusal does not tell the order's final state.
  if (attempts.isDefinite && wasRefused(attempts)) return 'refused'
  return isCanceled ? 'unknown-recovered' : 'unknown-absent'
}

const orderOf = ({ operation }: { readonly operation: Operation }): string =>
  'order' in operation ? operation.order : ''

/** All answers that showed each order, in the order in which they arrived. */
function seen(operations: readonly Attempts[]): readonly (readonly Told[])[] {
  const told = operations.flatMap(succeeded).filter(({ order }) => order !== undefined)
  return [...groupBy(told, ({ order }) => order?.id ?? '').values()]
}

/** A client asks about its order one request after the other, so the answers must never show an earlier state. */
function seenIsLawful(told: readonly Told[], order: EndOrder | undefined): string | undefined {
  if (!order) return `order ${told[0]?.order?.id ?? '?'} was seen and does not exist`
  let reached = 0
  for (const sight of [...told].sort((a, b) => a.at - b.at)) {
    const status = sight.order?.status ?? ''
    const index = order.history.indexOf(status, reached) // the same status may come again
    if (!order.history.includes(status))
      return `order ${order.id} was seen ${status}, and its history is ${order.history.join(' → ')}`
    if (index < 0)
      return `order ${order.id} was seen ${status} after it had gone on: ${order.history.join(' → ')}`
    reached = index
  }
  return undefined
}

export const textOf = (items: readonly Item[]): string =>
  items
    .map(({ productId, quantity }) => `${quantity} of ${productId}`)
    .sort()
    .join(', ')

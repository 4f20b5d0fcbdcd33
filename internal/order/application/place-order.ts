import { requireUser, traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { OrderId, UserId } from '../domain/order.ts'
import { mergeItems, place, type WantedItem } from '../domain/place.ts'
import type { Catalog } from './catalog.ts'
import type { IdempotencyKey, Orders, Stored } from './orders.ts'

export type PlaceOrder = {
  readonly items: readonly WantedItem[]
  readonly idempotencyKey: string | undefined
}

type Deps = {
  readonly orders: Orders
  readonly catalog: Catalog
  readonly newOrderId: () => OrderId
  readonly now: () => Date
  /** A short fingerprint of a text. */
  readonly digest: (text: string) => string
  /** How long stock is held for an order that nobody pays for; undefined: without an end. */
  readonly holdSeconds?: number | undefined
}

/**
 * Idempotent by (user, key): the same request returns the same order, even when stock and prices have changed since.
 */
export function placeOrder({ orders, catalog, newOrderId, now, digest, holdSeconds }: Deps) {
  return async (input: PlaceOrder, call: Call): Promise<Stored> => {
    const userId = requireUser(call).userId as UserId
    const items = mergeItems(input.items)
    const key = input.idempotencyKey
      ? { key: input.idempotencyKey, digest: digest(fingerprint(items)) }
      : undefined
    const quotes = await catalog.quote(items.map((item) => item.productId))
    try {
      const change = place(newOrderId(), userId, items, quotes, now(), holdSeconds)
      return sameRequest(await orders.add(change, key, traceOf(call)), key)
    } catch (err) {
      // When a product has run out since the first request, a repeated request still gets the order of the first.
      const earlier = key && err instanceof Refusal ? await orders.findByKey(userId, key.key) : undefined
      if (!earlier) throw err
      return sameRequest(earlier, key)
    }
  }
}

function sameRequest(stored: Stored, key: IdempotencyKey | undefined): Stored {
  if (stored.isNew || stored.digest === key?.digest) return stored
  throw new Refusal(
    'invalid',
    'order.idempotency-key-reused',
    'this Idempotency-Key was used with another request; use a new key for a new order',
  )
}

/** The same items in another order make the same request. */
function fingerprint(items: readonly WantedItem[]): string {
  return items
    .map(({ productId, quantity }) => `${productId}:${quantity}`)
    .sort()
    .join()
}

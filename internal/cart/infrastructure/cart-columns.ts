import type { Once } from '../../platform/call.ts'
import { isoTime } from '../../platform/iso-time.ts'
import { bareColumn, jsonColumn, textColumn, timeColumn } from '../../platform/sql-columns.ts'
import type { Cart, CartChange, CartLine, Delivery } from '../domain/cart.ts'

// Makes the parameters of write-carts.ts, in the order in which its statement uses them.

/** A line as it is stored. Its amount is text, because JSON's numbers are not exact for every int8. */
export type StoredLine = {
  readonly lineId: string
  readonly productId: string
  readonly quantity: number
  readonly attributes: string
  readonly sku: string
  readonly name: string
  readonly priceMinor: string
  readonly currency: string
}

export type StoredDelivery = {
  readonly address: Delivery['address']
  readonly shippingMethod: string | null
}

export function cartColumns(changes: readonly CartChange[]): readonly string[] {
  const carts = changes.map(({ state }) => state)
  return [
    bareColumn(carts, ({ id }) => id),
    // Each change has exactly one event, so it raises the version by one.
    bareColumn(changes, ({ state, events }) => state.version - events.length),
    textColumn(carts, ({ userId }) => userId ?? null),
    bareColumn(carts, ({ status }) => status),
    bareColumn(carts, ({ version }) => version),
    jsonColumn(carts, ({ lines }) => lines.map(storedLine)),
    jsonColumn(carts, ({ delivery }) => (delivery ? storedDelivery(delivery) : null)),
    jsonColumn(carts, ({ promotionCodes }) => promotionCodes),
    textColumn(carts, ({ order }) => order?.orderId ?? null),
    textColumn(carts, ({ order }) => numberText(order?.version)),
    textColumn(carts, ({ mergedInto }) => mergedInto?.cartId ?? null),
    textColumn(carts, ({ mergedInto }) => numberText(mergedInto?.version)),
    textColumn(carts, quietFrom),
    timeColumn(carts, ({ updatedAt }) => hourOf(updatedAt)),
    timeColumn(carts, ({ createdAt }) => createdAt),
    timeColumn(carts, ({ updatedAt }) => updatedAt),
  ]
}

export type StoredKey = { readonly once: Once; readonly cart: Cart }

export function keyColumns(keys: readonly StoredKey[]): readonly string[] {
  return [
    bareColumn(keys, ({ once }) => once.key),
    bareColumn(keys, ({ once }) => once.fingerprint),
    bareColumn(keys, ({ cart }) => cart.id),
    timeColumn(keys, ({ cart }) => cart.updatedAt),
  ]
}

const storedLine = ({ lineId, productId, quantity, attributes, seen }: CartLine): StoredLine => ({
  lineId,
  productId,
  quantity,
  attributes,
  sku: seen.sku,
  name: seen.name,
  priceMinor: String(seen.priceMinor),
  currency: seen.currency,
})

const storedDelivery = ({ address, shippingMethod }: Delivery): StoredDelivery => ({
  address,
  shippingMethod: shippingMethod ?? null,
})

const numberText = (value: number | undefined): string | null => (value === undefined ? null : String(value))

function quietFrom({ status, lines, updatedAt }: Cart): string | null {
  return status === 'active' && lines.length > 0 ? isoTime(hourOf(updatedAt)) : null
}

const hourMs = 3_600_000

/** The beginning of the hour. An index over it is touched once an hour and not with each change. */
export const hourOf = (at: Date): Date => new Date(Math.floor(at.getTime() / hourMs) * hourMs)

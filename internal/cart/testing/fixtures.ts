import type { Call, Trace } from '../../platform/call.ts'
import { newId } from '../../platform/new-id.ts'
import type { Catalog, Pricing } from '../application/ports.ts'
import { noAttributes, parseAttributes } from '../domain/attributes.ts'
import {
  emptyCart,
  type Cart,
  type CartChange,
  type CartId,
  type CartLine,
  type Delivery,
  type LineId,
  type OrderId,
  type ProductId,
  type UserId,
} from '../domain/cart.ts'
import { addItem, seenOf, type WantedItem } from '../domain/lines.ts'
import type { Product } from '../domain/show.ts'

export const now = new Date('2026-01-02T03:04:05.678Z')
export const trace: Trace = { correlationId: 'test', causationId: '', traceparent: '' }
export const system: Call = { actor: { kind: 'system' }, correlationId: 'test', traceparent: '' }
export const nobody: Call = { actor: undefined, correlationId: 'test', traceparent: '' }

export const newCartId = (): CartId => newId() as CartId
export const newLineId = (): LineId => newId() as LineId
export const newUserId = (): UserId => newId() as UserId
export const newOrderId = (): OrderId => newId() as OrderId
export const newProductId = (): ProductId => newId() as ProductId

export const customer = (userId: UserId = newUserId()): Call => ({
  ...nobody,
  actor: { kind: 'user', userId, role: 'customer' },
})

export const guest = (cartId: CartId): Call => ({ ...nobody, actor: { kind: 'guest', cartId } })

export function product(changes: Partial<Product> = {}): Product {
  return {
    productId: newProductId(),
    sku: 'MUG-1',
    name: 'Mug',
    priceMinor: 1250n,
    currency: 'USD',
    category: 'kitchen',
    image: '',
    weightGrams: 0,
    available: 10,
    ...changes,
  }
}

export const delivery = (changes: Partial<Delivery['address']> = {}): Delivery => ({
  address: {
    ...{ name: 'Ada Lovelace', line1: '12 St James Square', line2: '', city: 'London', region: '' },
    ...{ postalCode: 'SW1Y 4JH', country: 'GB', phone: '' },
    ...changes,
  },
  shippingMethod: undefined,
})

export const item = (changes: Partial<WantedItem> = {}): WantedItem => ({
  productId: newProductId(),
  quantity: 1,
  attributes: noAttributes,
  ...changes,
})

export const engraved = (words: string) => parseAttributes({ engraving: words })

/** The first change of a cart: a line of two units. */
export function filled(
  changes: { readonly userId?: UserId | undefined; readonly id?: CartId; readonly at?: Date } = {},
  wanted: WantedItem = item({ quantity: 2 }),
): CartChange {
  const { userId, id = newCartId(), at = now } = changes
  return addItem(emptyCart({ id, userId, at }), wanted, product(), newLineId, at)
}

export const cart = (changes: Partial<Cart> = {}): Cart => ({ ...filled().state, ...changes })

export const line = (changes: Partial<CartLine> = {}): CartLine => ({
  lineId: newLineId(),
  productId: newProductId(),
  quantity: 1,
  attributes: noAttributes,
  seen: seenOf(product()),
  ...changes,
})

/** The state after a change that must have happened. */
export function stateOf(change: CartChange | undefined): Cart {
  if (!change) throw new Error('nothing was changed')
  return change.state
}

export const kindsOf = (change: CartChange | undefined): readonly string[] =>
  (change?.events ?? []).map(({ type }) => type)

/** A catalogue of these products, which a test may change. */
export function fakeCatalog(products: Map<ProductId, Product>): Catalog & { asked: number } {
  const catalog = {
    asked: 0,
    async find(ids: readonly ProductId[]) {
      catalog.asked++
      return new Map([...products].filter(([id]) => ids.includes(id)))
    },
  }
  return catalog
}

/** Ten percent off with TEN, 5.00 for shipping by the method `post`, which goes to every country but Antarctica. */
export const fakePricing: Pricing = {
  async quote({ cart: { delivery: to, promotionCodes }, lines }) {
    const itemsMinor = lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0n)
    const ten = promotionCodes.find((code) => code.toLowerCase() === 'ten')
    const discountMinor = ten === undefined ? 0n : itemsMinor / 10n
    const goes = to !== undefined && to.address.country !== 'AQ'
    const shippingMinor = goes && to.shippingMethod === 'post' ? 500n : 0n
    return {
      totals: {
        ...{ itemsMinor, discountMinor, shippingMinor, taxMinor: 0n },
        totalMinor: itemsMinor - discountMinor + shippingMinor,
      },
      promotions:
        ten === undefined ? [] : [{ code: ten, description: 'ten percent', amountMinor: discountMinor }],
      shippingMethods: goes ? [{ id: 'post', name: 'Post', priceMinor: 500n, estimate: '2 days' }] : [],
      refusedCodes: promotionCodes
        .filter((code) => code !== ten)
        .map((code) => ({ code, reason: 'unknown' })),
      isShippingRefused: to?.shippingMethod !== undefined && !(goes && to.shippingMethod === 'post'),
    }
  },
}

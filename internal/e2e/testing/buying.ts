import { eventually } from '../../platform/testing/eventually.ts'
import type { Answer, Api, OrderBody, ProductBody } from './api.ts'

export type Cart = {
  readonly id: string | null
  readonly version: number
  readonly status: string
  readonly token?: string
  readonly orderId?: string
  readonly totals: { readonly total: number }
}
type Payment = { readonly id: string; readonly status: string; readonly action?: { readonly url: string } }
export type Order = OrderBody & {
  readonly userId: string | null
  readonly paymentStatus: string
  readonly shipping: number
  readonly tax: number
  readonly discount: number
}
export type Bought = {
  readonly order?: Order
  readonly payment?: Payment
  readonly orderToken?: string
  readonly code?: string
  readonly cart?: Cart
}
export type Who = { readonly token?: string; readonly cart?: string; readonly order?: string }

export const address = {
  ...{ name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' },
}

const visa = { paymentMethod: 'card', paymentToken: 'pm_card_visa' }

/** Asks as a shopper does, with whichever tokens there are. */
export const shopper =
  (api: Api) =>
  <Body>(method: string, path: string, who: Who, body?: unknown, headers: object = {}) =>
    api.request<Body>(method, path, {
      token: who.token,
      body,
      headers: {
        ...(who.cart ? { 'cart-token': who.cart } : {}),
        ...(who.order ? { 'order-token': who.order } : {}),
        ...headers,
      },
    })

/** A shop that sends to the United Kingdom. Returns the shipping method. */
export async function shipToBritain(api: Api, admin: string): Promise<string> {
  const body = { name: 'Post', countries: ['GB'], price: 5 }
  return (await api.request<{ id: string }>('POST', '/admin/shipping-methods', { token: admin, body })).body
    .id
}

/** What shoppers do one after the other, at one address. */
export function buying(api: Api, shippingMethod: string) {
  const send = shopper(api)
  return {
    send,
    /** A cart with so many units and an address. */
    filled: async (who: Who, product: ProductBody, quantity = 1): Promise<{ cart: Cart; who: Who }> => {
      const { body } = await send<Cart>('POST', '/cart/items', who, { productId: product.id, quantity })
      const owner = who.token || who.cart ? who : { cart: body.token ?? '' }
      const delivery = { address, shippingMethod }
      return { cart: (await send<Cart>('PUT', '/cart/delivery', owner, delivery)).body, who: owner }
    },
    buy: (
      who: Who,
      { version, totals }: Cart,
      changes: object = {},
      headers: object = { prefer: 'wait=10' },
    ): Promise<Answer<Bought>> => {
      const body = { cartVersion: version, expectedTotal: totals.total, ...visa, ...changes }
      return send('POST', '/checkout', who, body, headers)
    },
    orderIs: (who: Who, id: string, wanted: Partial<Order>) =>
      eventually(`order ${id} is ${JSON.stringify(wanted)}`, async () => {
        const { body } = await send<Order>('GET', `/orders/${id}`, who)
        return Object.entries(wanted).every(([name, value]) => body[name as keyof Order] === value)
      }),
  }
}

import { permissions } from '../../../platform/permissions.ts'
import { buying, shipToBritain } from '../buying.ts'
import { admin } from '../shop.ts'
import { newApiKey, newStaff } from '../staff-suite.ts'
import type { Entry, Expected, Things } from './things.ts'

export type Operation = {
  readonly 'x-permission'?: string
  readonly security?: readonly object[]
}

export type Caller = {
  readonly who: string
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly gets: (entry: Entry, operation: Operation, route: string) => number
}

/** What only staff may do. */
export const isForStaff = (route: string, [nobody, customer]: Expected): boolean =>
  nobody === 401 && customer === 403 && !/ \/users\/me(\/|$)/.test(route)

/** Whoever may ask. What they have is not the first customer's. */
export async function openCallers({ api, adminToken, customer, other, product }: Things) {
  /** Of a session that nothing else needs. */
  async function anew(token: string): Promise<string> {
    if (token === adminToken) return api.logIn(admin.email, admin.password)
    if (token === without.token) return (await without.logIn()).body.accessToken
    return token === having.token ? (await having.logIn()).body.accessToken : api.newCustomer()
  }

  async function staffOf(given: readonly string[]) {
    const staff = await newStaff(api, adminToken, given)
    return { ...staff, token: (await staff.logIn()).body.accessToken }
  }
  const [without, having] = [await staffOf([]), await staffOf(permissions)]
  const { key } = await newApiKey(api, adminToken, permissions)
  const guest = await api.request<{ token: string }>('POST', '/cart/items', {
    body: { productId: product.id, quantity: 1 },
  })
  const { filled, buy } = buying(api, await shipToBritain(api, adminToken))
  const guests = await filled({}, product)
  const { body: bought } = await buy(guests.who, guests.cart, {
    ...{ email: 'guest@example.com', paymentMethod: 'invoice', paymentToken: undefined },
  })

  const callers: readonly Caller[] = [
    { who: 'nobody', gets: ({ is }) => is[0] },
    {
      ...{ who: 'a guest', headers: { 'cart-token': guest.body.token } },
      gets: ({ is, guest: own }) => own ?? is[0],
    },
    {
      ...{ who: 'a guest with the token of an order', headers: { 'order-token': bought.orderToken ?? '' } },
      gets: ({ is, buyer }, { security = [] }) =>
        buyer ?? (security.some((one) => 'orderToken' in one) ? is[2] : is[0]),
    },
    { who: 'the customer', token: customer, gets: ({ is }) => is[1] },
    { who: 'another customer', token: other, gets: ({ is }) => is[2] },
    {
      ...{ who: 'staff without any permission', token: without.token },
      gets: ({ is, staffWithout }) => staffWithout ?? is[2],
    },
    {
      ...{ who: 'staff with all permissions', token: having.token },
      gets: ({ is, staffWith }, operation, route) =>
        staffWith ?? (isForStaff(route, is) && operation['x-permission'] === undefined ? 403 : is[3]),
    },
    {
      ...{ who: 'an API key with all scopes', token: key },
      gets: ({ is, key: own }, { security = [], ...operation }) => {
        if (own !== undefined) return own
        if (operation['x-permission'] !== undefined) return is[3]
        return security.length === 0 ? is[0] : 403
      },
    },
    { who: 'an admin', token: adminToken, gets: ({ is }) => is[3] },
  ]
  return { callers, anew, key, buyer: { token: bought.orderToken ?? '', orderId: bought.order?.id ?? '' } }
}

import type { History } from './history.ts'
import type { ShopHttp } from './shop-http.ts'

/** What checkouts are priced by. */
export type ShopRules = {
  readonly shippingMethods: readonly string[]
  /** Codes of promotions; some of them are used up soon. */
  readonly codes: readonly string[]
}

type Made = { readonly code: string; readonly limit?: number; readonly limitPerCustomer?: number }

const promotions: readonly (Made & { readonly kind: string; readonly value?: number })[] = [
  { code: 'ALWAYS', kind: 'percent', value: 5 },
  { code: 'OFTEN', kind: 'amount', value: 1.5, limit: 5_000, limitPerCustomer: 20 },
  { code: 'ONCE', kind: 'percent', value: 10, limitPerCustomer: 1 },
  { code: 'FEW', kind: 'percent', value: 12.5, limit: 6, limitPerCustomer: 2 },
  { code: 'LAST', kind: 'amount', value: 3, limit: 1 },
  { code: 'SENT', kind: 'free-shipping', limit: 12 },
]

/** The admin makes shipping methods, tax rates and promotions before the first fault. */
export async function makeRules(http: ShopHttp, history: History, token: string): Promise<ShopRules> {
  const make = async (path: string, body: object): Promise<string> => {
    const reply = await http.send({ method: 'POST', path, token, body })
    if (reply.status !== 201) throw new Error(`${path} was answered ${reply.status} ${reply.code}`)
    return (reply.body as { readonly id: string }).id // the answer of our own API
  }
  const shippingMethods = [
    await make('/admin/shipping-methods', { name: 'Parcel', price: 4.9, freeFrom: 60 }),
    await make('/admin/shipping-methods', { name: 'Courier', price: 11.25 }),
  ]
  await make('/admin/tax-rates', { country: 'NL', percent: 21 })
  await make('/admin/tax-rates', { country: 'DE', percent: 19 })
  for (const { limit, limitPerCustomer, ...rest } of promotions) {
    const limits = {
      ...(limit === undefined ? {} : { limit }),
      ...(limitPerCustomer === undefined ? {} : { limitPerCustomer }),
    }
    const id = await make('/admin/promotions', { ...rest, ...limits })
    history.write({ t: 'promotion', id, ...limits })
  }
  return { shippingMethods, codes: promotions.map(({ code }) => code) }
}

import { newPicture } from '../../../gateway/images/testing/pictures.ts'
import { newId } from '../../../platform/new-id.ts'
import type { OrderBody } from '../api.ts'
import type { Shop } from '../shop.ts'

export type Expected = readonly [nobody: number, customer: number, otherCustomer: number, admin: number]
/** Eight kinds of callers, and a second customer. What the others get follows from the four, unless it is said. */
type Others = {
  readonly guest?: number
  readonly buyer?: number
  readonly staffWithout?: number
  readonly staffWith?: number
  readonly key?: number
}
export type Entry = Others & {
  /** What replaces {id}: something that belongs to the first customer. */
  readonly id?: () => Promise<string> | string
  /** What replaces the next name in braces; by default an id that nothing has. */
  readonly secondId?: () => Promise<string>
  readonly body?: () => unknown
  /** A body that is no JSON. */
  readonly file?: () => { readonly type: string; readonly bytes: Buffer | string }
  /** It ends the session, so it is asked with one of its own. */
  readonly ends?: boolean
  readonly is: Expected
}

export type Entries = Readonly<Record<string, Entry>>
export type Things = Awaited<ReturnType<typeof openThings>>

/** What the first customer has, and what each caller gets one of its own of. */
export async function openThings(shop: Shop) {
  const { api, adminToken } = shop
  const [customer, other] = await Promise.all([api.newCustomer(), api.newCustomer()])
  const product = await shop.newProduct(100)
  const picture = await newPicture({ width: 40, height: 30 })
  const { body: account } = await api.request<{ id: string; email: string }>('GET', '/users/me', {
    token: customer,
  })
  const order = (
    await api.request<OrderBody>('POST', '/orders', {
      token: customer,
      headers: { prefer: 'wait=10' },
      body: { items: [{ productId: product.id, quantity: 1 }] },
    })
  ).body

  let made = 0
  const newAccount = () => ({
    username: `u${++made}x`,
    email: `u${made}x@example.com`,
    password: 'a-long-password',
  })
  /** A word that nothing else has. */
  const newName = (): string => `name${++made}`
  const newProduct = () => ({ name: 'p', category: 'c', price: 1, stock: 1 })
  const line = () => ({ items: [{ productId: product.id, quantity: 1 }] })
  const newOrder = async (): Promise<string> =>
    (await api.request<OrderBody>('POST', '/orders', { token: customer, body: line() })).body.id
  const unknown = (): string => newId()
  const address = {
    name: 'Ada',
    line1: '12 St James Square',
    city: 'London',
    postalCode: 'SW1Y 4JH',
    country: 'GB',
  }
  /** A session of the first customer that nothing else needs. */
  async function newSession(): Promise<string> {
    const credentials = { email: account.email, password: 'a-long-password' }
    type Pair = { readonly sessionId: string }
    return (await api.request<Pair>('POST', '/users/login', { body: credentials })).body.sessionId
  }

  /** An address of the first customer that nothing else needs. */
  async function newAddress(): Promise<string> {
    const body = { address }
    type Saved = { readonly id: string }
    return (await api.request<Saved>('POST', '/users/me/addresses', { token: customer, body })).body.id
  }

  const familyBody = { name: 'Family', options: ['size'] }

  /** A family in which nothing is. */
  async function newFamily(): Promise<string> {
    const made = { token: adminToken, body: familyBody }
    return (await api.request<{ id: string }>('POST', '/families', made)).body.id
  }

  /** A category in which nothing is. */
  async function newCategory(): Promise<string> {
    const made = { token: adminToken, body: { name: `Category ${newId()}` } }
    return (await api.request<{ id: string }>('POST', '/categories', made)).body.id
  }

  /** Somebody whom nobody else needs. */
  async function newVictim(): Promise<string> {
    type Made = { readonly user: { readonly id: string } }
    return (await api.request<Made>('POST', '/users/register', { body: newAccount() })).body.user.id
  }

  /** A line in the first customer's cart. */
  const cartLine = async (): Promise<string> => {
    const item = { productId: product.id, quantity: 1 }
    type Cart = { readonly items: readonly { readonly lineId: string }[] }
    const { body } = await api.request<Cart>('POST', '/cart/items', { token: customer, body: item })
    return body.items[0]?.lineId ?? ''
  }

  let shippedLine = ''
  /** An order of the first customer whose goods are held. */
  async function newShippable(): Promise<OrderBody> {
    const { body } = await api.request<OrderBody>('POST', '/orders', {
      token: customer,
      headers: { prefer: 'wait=10' },
      body: line(),
    })
    shippedLine = body.items[0]?.lineId ?? ''
    return body
  }

  /** One that has left, and what became of it. */
  async function newShipment(status?: 'lost'): Promise<{ readonly id: string; readonly orderId: string }> {
    const body = await newShippable()
    const shipped = await api.request<{ id: string; orderId: string }>(
      'POST',
      `/orders/${body.id}/shipments`,
      {
        token: adminToken,
        body: { lines: [{ lineId: shippedLine, quantity: 1 }], carrier: 'Post' },
      },
    )
    const { id } = shipped.body
    if (status) await api.request('PATCH', `/shipments/${id}`, { token: adminToken, body: { status } })
    return shipped.body
  }

  function newWebhook(): object {
    return { url: 'https://example.com/hook', events: ['receipt.issued'] }
  }

  async function webhookId(): Promise<string> {
    const made = { token: adminToken, body: newWebhook() }
    return (await api.request<{ id: string }>('POST', '/admin/webhooks', made)).body.id
  }

  return {
    ...{
      shop,
      api,
      adminToken,
      customer,
      other,
      product,
      picture,
      account,
      order,
      address,
      familyBody,
      unknown,
      line,
    },
    ...{
      newName,
      newAccount,
      newProduct,
      newOrder,
      newSession,
      newAddress,
      newFamily,
      newCategory,
      newVictim,
    },
    ...{ cartLine, newShippable, newShipment, newWebhook, webhookId, shippedLine: () => shippedLine },
  }
}

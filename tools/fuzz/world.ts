import { newId } from '../../internal/platform/new-id.ts'
import type { Document } from './document.ts'
import type { Actor, World } from './make-request.ts'
import type { ShopAnswer, ShopClient } from '../shared/shop-client.ts'

export type AdminLogin = { readonly email: string; readonly password: string }

const productsPerRound = 6
const password = 'a-long-password'

export const readDocument = async (shop: ShopClient): Promise<Document> =>
  (await shop.send({ method: 'GET', path: '/openapi.json' })).body as Document // the document that is tested

export type OpenWorld = {
  readonly world: World
  /** Adds new things, because requests may delete those that are there. */
  readonly stock: () => Promise<void>
  /** After a request that may have ended sessions, or changed what somebody may do. */
  readonly restore: () => Promise<void>
  readonly adminToken: () => string
}

/** Two customers, an admin, and things that they can find. */
export async function openWorld(shop: ShopClient, admin: AdminLogin): Promise<OpenWorld> {
  const names = [newName(), newName()]
  const customers = await Promise.all(names.map((name) => newCustomer(shop, name)))
  const tokens: Record<Actor, string | undefined> = {
    ...{ nobody: undefined, customer: undefined, 'other customer': undefined, admin: undefined },
  }
  const adminToken = (): string => tokens.admin ?? ''
  async function restore(): Promise<void> {
    tokens.admin = await logIn(shop, admin.email, admin.password)
    const body = { role: 'customer', blocked: false }
    for (const { id } of customers)
      await shop.send({ method: 'PATCH', path: `/admin/users/${id}`, token: adminToken(), body })
    const [first = '', second = ''] = names.map((name) => `${name}@example.com`)
    tokens.customer = await logIn(shop, first, password)
    tokens['other customer'] = await logIn(shop, second, password)
  }
  await restore()
  const found = { products: [] as string[], orders: [] as string[] }
  const stock = async (): Promise<void> => {
    const products = await times(productsPerRound, async (index) => {
      const body = { name: `Fuzzed ${index}`, category: 'fuzz', price: 1 + index, stock: index * 10 }
      return idOf(await shop.send({ method: 'POST', path: '/products', token: adminToken(), body }))
    })
    const orders = await times(4, async (index) => {
      const body = { items: [{ productId: products[1 + index], quantity: 1 }] }
      return idOf(
        await shop.send({
          method: 'POST',
          path: '/orders',
          token: tokens[index % 2 ? 'customer' : 'other customer'],
          body,
        }),
      )
    })
    Object.assign(found, { products, orders })
  }
  await stock()
  const users = customers.map(({ id }) => id)
  const lists: Readonly<Record<string, () => readonly string[]>> = {
    ...{ products: () => found.products, productId: () => found.products, ids: () => found.products },
    ...{ orders: () => found.orders, users: () => users, userId: () => users, admin: () => found.orders },
  }
  const ids = (of: string): readonly string[] => (lists[of] ?? (() => found.products))()
  const world = { ids, logins: names.map((name) => `${name}@example.com`), tokens }
  return { world, stock, restore, adminToken }
}

const newName = (): string => `fuzz-${newId().slice(-12)}`

async function newCustomer(shop: ShopClient, username: string) {
  const email = `${username}@example.com`
  const { body } = await shop.send({
    method: 'POST',
    path: '/users/register',
    body: { username, email, password },
  })
  const { user } = body as { readonly user: { readonly id: string } } // as the API documents it
  return { id: user.id }
}

async function logIn(shop: ShopClient, email: string, secret: string): Promise<string> {
  const { status, body } = await shop.send({
    method: 'POST',
    path: '/users/login',
    body: { email, password: secret },
  })
  if (status !== 200) throw new Error(`${email} cannot log in: ${JSON.stringify(body)}`)
  return (body as { readonly accessToken: string }).accessToken // as the API documents it
}

function idOf({ status, body }: ShopAnswer): string {
  if (status !== 201) throw new Error(`the shop cannot be filled: ${status} ${JSON.stringify(body)}`)
  return (body as { readonly id: string }).id // as the API documents it
}

const times = <Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

import type { Document } from './document.ts'
import type { World } from './make-request.ts'
import { openPeople, times, type Login } from './people.ts'
import type { ShopAnswer, ShopClient } from '../shared/shop-client.ts'

const productsPerRound = 6

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

/** Two customers, staff, a key, an admin, and things that they can find. */
export async function openWorld(shop: ShopClient, admin: Login): Promise<OpenWorld> {
  const { customers, tokens, restore, adminToken } = await openPeople(shop, admin)
  const found = { products: [] as string[], orders: [] as string[] }
  const stock = async (): Promise<void> => {
    await restore()
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
  const users = (): readonly string[] => customers.map(({ id }) => id)
  const lists: Readonly<Record<string, () => readonly string[]>> = {
    ...{ products: () => found.products, productId: () => found.products, ids: () => found.products },
    ...{ orders: () => found.orders, users, userId: users, admin: () => found.orders },
  }
  const ids = (of: string): readonly string[] => (lists[of] ?? (() => found.products))()
  const logins = (): readonly string[] => customers.map(({ email }) => email)
  const world = { ids, logins, tokens }
  return { world, stock, restore, adminToken }
}

function idOf({ status, body }: ShopAnswer): string {
  if (status !== 201) throw new Error(`the shop cannot be filled: ${status} ${JSON.stringify(body)}`)
  return (body as { readonly id: string }).id // as the API documents it
}

import { newId } from '../../internal/platform/new-id.ts'
import type { Document } from './document.ts'
import type { Actor, World } from './make-request.ts'
import type { ShopAnswer, ShopClient } from '../shared/shop-client.ts'
import { until } from '../shared/wait.ts'

export type Login = { readonly email: string; readonly password: string }

const productsPerRound = 6
const password = 'a-long-password'
const busyMs = 30_000

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
export async function openWorld(shop: ShopClient, admin: Login): Promise<OpenWorld> {
  const customers = await times(2, () => newCustomer(shop))
  const tokens: Record<Actor, string | undefined> = {
    ...{ nobody: undefined, customer: undefined, 'other customer': undefined, admin: undefined },
  }
  const adminToken = (): string => tokens.admin ?? ''
  // One after the other, so that the last token that is kept is the last that was given. Who waits shares the next one.
  let last = Promise.resolve()
  let next: Promise<void> | undefined
  const restore = (): Promise<void> =>
    (next ??= last
      .catch(() => undefined)
      .then(() => {
        next = undefined
        return (last = logInAgain())
      }))
  async function logInAgain(): Promise<void> {
    tokens.admin = await logIn(shop, admin)
    tokens.customer = await customerAgain(0)
    tokens['other customer'] = await customerAgain(1)
  }
  /** Whoever has been erased is followed by somebody else. */
  async function customerAgain(index: number): Promise<string | undefined> {
    const customer = customers[index]
    const body = { role: 'customer', blocked: false }
    await shop.send({ method: 'PATCH', path: `/admin/users/${customer?.id}`, token: adminToken(), body })
    const token = customer && (await logIn(shop, customer))
    if (token !== undefined) return token
    const next = (customers[index] = await newCustomer(shop))
    return logIn(shop, next)
  }
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

async function newCustomer(shop: ShopClient) {
  const username = `fuzz-${newId().slice(-12)}`
  const email = `${username}@example.com`
  const body = { username, email, password }
  const answer = await shop.send({ method: 'POST', path: '/users/register', body })
  const { user } = answer.body as { readonly user: { readonly id: string } } // as the API documents it
  return { id: user.id, email, password }
}

/** Undefined when nobody can log in with this. While the shop is too busy it is tried again. */
async function logIn(shop: ShopClient, { email, password: secret }: Login): Promise<string | undefined> {
  const login = { email, password: secret }
  let answer: ShopAnswer | undefined
  const isAnswered = async (): Promise<boolean> => {
    answer = await shop.send({ method: 'POST', path: '/users/login', body: login })
    return answer.status !== 503
  }
  await until(isAnswered, { withinMs: busyMs, everyMs: 200 })
  if (answer?.status === 401) return undefined
  if (answer?.status !== 200) throw new Error(`${email} cannot log in: ${JSON.stringify(answer?.body)}`)
  return (answer.body as { readonly accessToken: string }).accessToken // as the API documents it
}

function idOf({ status, body }: ShopAnswer): string {
  if (status !== 201) throw new Error(`the shop cannot be filled: ${status} ${JSON.stringify(body)}`)
  return (body as { readonly id: string }).id // as the API documents it
}

const times = <Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

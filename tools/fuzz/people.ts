import { newId } from '../../internal/platform/new-id.ts'
import type { Actor } from './make-request.ts'
import type { ShopAnswer, ShopClient } from '../shared/shop-client.ts'
import { until } from '../shared/wait.ts'

export type Login = { readonly email: string; readonly password: string }

const password = 'a-long-password'
const busyMs = 30_000
/** Of staff, and of the key of a back end: some routes are open to them, and some are not. */
const permissions = [
  'products:read',
  'products:write',
  'orders:read',
  'orders:write',
  'payments:read',
  'log:read',
]

type People = {
  readonly customers: readonly (Login & { readonly id: string })[]
  readonly tokens: Readonly<Record<Actor, string | undefined>>
  readonly restore: () => Promise<void>
  readonly adminToken: () => string
}

/** Two customers, staff, a key and an admin, whose tokens are made good again when requests have ended them. */
export async function openPeople(shop: ShopClient, admin: Login): Promise<People> {
  const customers = await times(3, () => newCustomer(shop))
  const tokens: Record<Actor, string | undefined> = {
    ...{ nobody: undefined, customer: undefined, 'other customer': undefined },
    ...{ staff: undefined, key: undefined, admin: undefined },
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
    tokens.customer = await personAgain(0)
    tokens['other customer'] = await personAgain(1)
    tokens.staff = await personAgain(2, { role: 'staff', permissions })
    if (!(await isGood(shop, tokens.key))) tokens.key = await newKey(shop, adminToken())
  }
  /** Whoever has been erased is followed by somebody else. */
  async function personAgain(
    index: number,
    access: object = { role: 'customer' },
  ): Promise<string | undefined> {
    const allow = (id = ''): Promise<ShopAnswer> => {
      const body = { ...access, blocked: false }
      return shop.send({ method: 'PATCH', path: `/admin/users/${id}`, token: adminToken(), body })
    }
    const person = customers[index]
    await allow(person?.id)
    const token = person && (await logIn(shop, person))
    if (token !== undefined) return token
    const next = (customers[index] = await newCustomer(shop))
    await allow(next.id)
    return logIn(shop, next)
  }
  return { customers, tokens, restore, adminToken }
}

async function newCustomer(shop: ShopClient) {
  const username = `fuzz-${newId().slice(-12)}`
  const email = `${username}@example.com`
  const body = { username, email, password }
  const answer = await shop.send({ method: 'POST', path: '/users/register', body })
  const { user } = answer.body as { readonly user: { readonly id: string } } // as the API documents it
  return { id: user.id, email, password }
}

const isGood = async (shop: ShopClient, key: string | undefined): Promise<boolean> =>
  key !== undefined &&
  (await shop.send({ method: 'GET', path: '/orders?limit=1', token: key })).status !== 401

async function newKey(shop: ShopClient, token: string): Promise<string> {
  const body = { name: 'fuzz', scopes: permissions }
  const answer = await shop.send({ method: 'POST', path: '/admin/api-keys', token, body })
  return (answer.body as { readonly key: string }).key // as the API documents it
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

export const times = <Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

import type { CartSteps, Holder, Shopper } from './cart-steps.ts'
import type { Item } from './history.ts'
import { isDone, type Ask } from './patient.ts'
import type { PayingOptions } from './paying-steps.ts'

type Options = Pick<PayingOptions, 'http' | 'random' | 'insist' | 'newKey'> & { readonly ask: Ask }

const password = 'a-long-password'
/** Of those who have something in their own cart as well. */
const shareWithOwnCart = 0.6
const shareTwice = 0.3

/**
 * Makes an account, puts something into its cart, and logs in with the guest's cart, some twice at once. Resolves with
 * the customer, whose cart is the guest's too by then.
 */
export async function logIn(
  options: Options,
  steps: CartSteps,
  guest: Holder,
  items: readonly Item[],
): Promise<Shopper | undefined> {
  const { http, random, insist, newKey, ask } = options
  const cart = (await steps.look(guest))?.id
  const key = newKey('account')
  const username = `u-${Date.now().toString(36)}-${key}`
  const email = `${username}@example.com`
  const register = { username, email, password }
  if (!cart || !isDone(await ask({ method: 'POST', path: '/users/register', key, body: register })))
    return undefined
  const body = { username, password }
  const first = await ask({ method: 'POST', path: '/users/login', body })
  if (!isDone(first)) return undefined
  const { accessToken: token, user } = first.body as LoggedIn // an answer of our own API
  if (random.next() < shareWithOwnCart) await steps.add({ token }, items.slice(0, 1))
  const times = random.next() < shareTwice ? 2 : 1
  const logins = Array.from({ length: times }, () =>
    insist(newKey('login'), { name: 'merge', cart, user: user.id }, () =>
      http.send({ method: 'POST', path: '/users/login', ...guest, body }),
    ),
  )
  await Promise.all(logins)
  return { holder: { token }, user: user.id, email }
}

type LoggedIn = { readonly accessToken: string; readonly user: { readonly id: string } }

import type { Random } from '../../shared/random.ts'
import { isDone, type Ask } from '../patient.ts'
import type { Reply, ShopHttp } from '../shop-http.ts'

/** The pair of tokens of one session, the last that its owner has heard of. */
export type Session = {
  readonly access: string
  readonly refresh: string
  /** What must be true of it in the end; `unknown` when no answer has said so. */
  state: 'alive' | 'ended' | 'unknown'
}

/** What a person has done with the own account, as far as the answers have told. */
export type Life = {
  readonly id: string
  /** In the username, the e-mail address and the address of the cart, and nowhere else. */
  readonly mark: string
  readonly password: string
  readonly sessions: readonly Session[]
  readonly isErased: boolean
}

export type LifeOptions = {
  readonly http: ShopHttp
  readonly ask: Ask
  readonly random: Random
  readonly newKey: (name: string) => string
  /** Something that a cart may hold. */
  readonly product: string
  readonly count: (what: string) => void
}

type LoggedIn = {
  readonly accessToken: string
  readonly refreshToken: string
  readonly user: { readonly id: string }
}

const [password, newPassword] = ['a-long-password', 'another-long-password']

/**
 * One life: makes an account, logs in twice, refreshes, and then stays, leaves, changes the password or is erased.
 * Undefined for somebody who never got an account.
 */
export async function live(options: LifeOptions): Promise<Life | undefined> {
  const { ask, random, newKey, count } = options
  const key = newKey('person')
  const mark = `quillfeather-${Date.now().toString(36)}-${key}`
  const account = { username: mark, email: `${mark}@example.com`, password }
  if (!isDone(await ask({ method: 'POST', path: '/users/register', key, body: account }))) return undefined
  const first = await logIn(options, mark)
  const second = await logIn(options, mark)
  if (!first || !second) return undefined
  const { id } = first.user
  const own = await refresh(options, sessionOf(first))
  const other = sessionOf(second)
  const life = { id, mark, password, isErased: false, sessions: [own, other] }
  const lot = random.next()
  if (own.state !== 'alive' || lot < 0.25) return life
  if (lot < 0.45) {
    if (await isDoneFor(options, own, 'POST', '/auth/logout')) end(count, 'logged out', own)
    else own.state = 'unknown'
    return life
  }
  if (lot < 0.55) {
    const hasEnded = await isDoneFor(options, own, 'POST', '/auth/logout-all')
    if (hasEnded) end(count, 'logged out everywhere', own, other)
    else own.state = other.state = 'unknown'
    return life
  }
  if (lot < 0.7) {
    const body = { currentPassword: password, newPassword }
    const isChanged = await isDoneFor(options, own, 'POST', '/users/me/password', body, newKey('password'))
    if (isChanged) end(count, 'password changed', other)
    else return undefined // nobody knows which password it is
    return { ...life, password: newPassword }
  }
  await fillCart(options, own, mark)
  const isErased = await isDoneFor(options, own, 'DELETE', '/users/me', { password })
  if (!isErased) return undefined
  end(count, 'erased', own, other)
  return { ...life, isErased }
}

const sessionOf = ({ accessToken: access, refreshToken: refreshing }: LoggedIn): Session => ({
  ...{ access, refresh: refreshing, state: 'alive' },
})

function end(count: (what: string) => void, what: string, ...sessions: readonly Session[]): void {
  count(what)
  for (const session of sessions) session.state = 'ended'
}

async function logIn({ ask }: LifeOptions, username: string): Promise<LoggedIn | undefined> {
  const reply = await ask({ method: 'POST', path: '/users/login', body: { username, password } })
  return isDone(reply) ? (reply.body as LoggedIn) : undefined // an answer of our own API
}

/**
 * Asks once for the next pair. Without an answer nobody knows whether the old one is spent, and a request that arrives late
 * may end the session, as it should.
 */
async function refresh({ http, count }: LifeOptions, session: Session): Promise<Session> {
  const body = { refreshToken: session.refresh }
  const reply = await http.send({ method: 'POST', path: '/auth/refresh', body })
  // Whoever is refused was logged out, and is not to be: the end shows it.
  if (reply.status !== 200) return { ...session, state: reply.status === 401 ? 'alive' : 'unknown' }
  count('refreshed')
  return sessionOf(reply.body as LoggedIn) // as above
}

/** Tries until it is answered. A first attempt that was done without an answer is refused the second time. */
async function isDoneFor(
  { ask }: LifeOptions,
  { access: token }: Session,
  method: 'POST' | 'DELETE',
  path: string,
  body: object = {},
  key?: string,
): Promise<boolean> {
  const reply: Reply | undefined = await ask({ method, path, token, key, body })
  return isDone(reply)
}

async function fillCart({ ask, newKey, product }: LifeOptions, session: Session, mark: string) {
  const { access: token } = session
  const line = { productId: product, quantity: 1 }
  await ask({ method: 'POST', path: '/cart/items', token, key: newKey('item'), body: line })
  const address = { name: mark, line1: `${mark} 1`, city: 'Amsterdam', postalCode: '1015 CJ', country: 'NL' }
  await ask({ method: 'PUT', path: '/cart/delivery', token, body: { address } })
}

import { sendPatiently, type Patience, type Send } from './patience.js'
import { tokensIn, type Session } from './session.js'

export type ShopFetchOptions = {
  readonly send: Send
  readonly patience: Patience
  readonly session: Session
  /** Of a back end, which logs in nowhere; empty: none. */
  readonly apiKey: string
}

/** What begins a session, and what ends the own one. */
const logins = ['/users/login', '/auth/token']
const logouts = ['/auth/logout', '/auth/logout-all']
/** They take no key, and once more would do more, or be refused misleadingly. */
const onceOnly = [
  ...[
    '/auth/token',
    '/auth/password-reset',
    '/auth/password-reset/confirm',
    '/auth/email-verification/confirm',
  ],
  ...['/users/me/second-factor', '/users/me/second-factor/confirm', '/admin/products/import'],
]
/** The refusals after which a refresh may help. */
const staleCodes = ['auth.token-expired', 'auth.session-revoked']

/** Sends requests as a careful client does: with a key, with the tokens of the session, and again where that is safe. */
export function shopFetch({ send, patience, session, apiKey }: ShopFetchOptions): Send {
  async function sendAs(request: Request, token: string | undefined): Promise<Response> {
    const own = request.clone()
    if (token !== undefined) own.headers.set('authorization', `Bearer ${token}`)
    return sendPatiently(own, send, patience)
  }

  async function sendInSession(request: Request): Promise<Response> {
    const tokens = session.tokens()
    const response = await sendAs(request, tokens?.accessToken)
    if (!tokens || !(await isStale(response))) return response
    const next = await session.renew(tokens)
    return next === undefined ? response : sendAs(request, next.accessToken)
  }

  return async (request) => {
    if (request.method === 'POST' && !request.headers.has('idempotency-key') && !isAt(onceOnly, request))
      request.headers.set('idempotency-key', crypto.randomUUID())
    if (request.headers.has('authorization')) return sendAs(request, undefined)
    const response = await (apiKey === '' ? sendInSession(request) : sendAs(request, apiKey))
    await follow(session, request, response)
    return response
  }
}

const isAt = (paths: readonly string[], { url }: Request): boolean =>
  paths.some((path) => new URL(url).pathname.endsWith(path))

/** Keeps the tokens that a login has given, and forgets them after a logout. */
async function follow(session: Session, request: Request, response: Response): Promise<void> {
  if (request.method !== 'POST' || !response.ok) return
  if (isAt(logins, request)) {
    const tokens = tokensIn(await response.clone().json())
    if (tokens) await session.keep(tokens)
  }
  if (isAt(logouts, request)) await session.keep(undefined)
}

async function isStale(response: Response): Promise<boolean> {
  if (response.status !== 401) return false
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  return staleCodes.includes(String((body as { readonly code?: unknown } | undefined)?.code))
}

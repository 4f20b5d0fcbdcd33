import { shopError } from './problem.js'

/** With what somebody is logged in. Both are secrets. */
export type Tokens = { readonly accessToken: string; readonly refreshToken: string }

export type Session = {
  readonly tokens: () => Tokens | undefined
  /** Undefined: nobody is logged in any more. */
  readonly keep: (tokens: Tokens | undefined) => Promise<void>
  /** The tokens after those that have been refused; undefined when the session is over. */
  readonly renew: (refused: Tokens) => Promise<Tokens | undefined>
}

export type SessionOptions = {
  readonly tokens: Tokens | undefined
  readonly onTokens: (tokens: Tokens | undefined) => void | Promise<void>
  /** Asks `POST /auth/refresh`. */
  readonly refresh: (refreshToken: string) => Promise<Response>
}

/** A refresh token is good once, so all requests that are refused at the same time wait for one refresh. */
export function openSession({ tokens: first, onTokens, refresh }: SessionOptions): Session {
  let tokens = first
  let renewing: Promise<Tokens | undefined> | undefined

  async function keep(next: Tokens | undefined): Promise<void> {
    tokens = next
    await onTokens(next)
  }

  async function renewed({ refreshToken }: Tokens): Promise<Tokens | undefined> {
    const response = await refresh(refreshToken)
    const body: unknown = await response.json().catch(() => undefined)
    const next = response.ok ? tokensIn(body) : undefined
    // Only the API can say that a session is over; an outage does not end it.
    if (next === undefined && response.status !== 401) throw shopError(response.status, body)
    await keep(next)
    return next
  }

  return {
    tokens: () => tokens,
    keep,
    async renew(refused) {
      if (tokens?.accessToken !== refused.accessToken) return tokens
      renewing ??= renewed(refused).finally(() => (renewing = undefined))
      return renewing
    },
  }
}

/** Of the body of a login. */
export function tokensIn(body: unknown): Tokens | undefined {
  const { accessToken, refreshToken } = (body ?? {}) as Partial<Record<keyof Tokens, unknown>>
  if (typeof accessToken !== 'string' || typeof refreshToken !== 'string') return undefined
  return { accessToken, refreshToken }
}

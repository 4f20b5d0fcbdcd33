import { createHmac } from 'node:crypto'
import { accountPrefix } from './domain/invoice-line.ts'
import { ReplayFailure } from './replay-failure.ts'
import type { Rest } from './rest.ts'
import type { ShopAnswer } from '../shared/shop-client.ts'

export type Credentials = { readonly email: string; readonly password: string }

/** The token of a person. When it has expired, `renew` logs in again. */
export type Session = { readonly token: () => string; readonly renew: () => Promise<void> }

export async function logIn(rest: Rest, { email, password }: Credentials): Promise<Session> {
  let token = ''
  const renew = async (): Promise<void> => {
    const answer = await rest.send({ method: 'POST', path: '/users/login', body: { email, password } })
    if (answer.status !== 200)
      throw new ReplayFailure(
        `${email} cannot log in (ADMIN_EMAIL and ADMIN_PASSWORD name the admin): ${problemOf(answer)}`,
      )
    token = (answer.body as { accessToken: string }).accessToken
  }
  await renew()
  return { token: () => token, renew }
}

/** Sends a request as that person. When the token has expired, it sends it once more with a new one. */
export async function sendAs(
  rest: Rest,
  session: Session,
  request: Parameters<Rest['send']>[0],
): Promise<ShopAnswer> {
  const answer = await rest.send({ ...request, token: session.token() })
  if (answer.status !== 401) return answer
  await session.renew()
  return rest.send({ ...request, token: session.token() })
}

/** Opens the account of a customer number of the file. All guests share one account. */
export async function openAccount(rest: Rest, customer: string, secret: string): Promise<Session> {
  const username = customer === '' ? 'replay-guest' : `${accountPrefix}${customer.toLowerCase()}`
  // Only somebody who knows the admin's password can compute the password of a customer.
  const password = createHmac('sha256', secret).update(username).digest('base64url')
  const email = `${username}@replay.example`
  const answer = await rest.send({
    method: 'POST',
    path: '/users/register',
    body: { username, email, password },
  })
  if (answer.status !== 201 && answer.status !== 409)
    throw new ReplayFailure(`customer ${customer} cannot register: ${problemOf(answer)}`)
  return logIn(rest, { email, password })
}

export function problemOf({ status, code, body }: ShopAnswer): string {
  const { detail = '' } = (body ?? {}) as { detail?: string }
  return [status, code, detail].filter((part) => part !== '').join(' ')
}

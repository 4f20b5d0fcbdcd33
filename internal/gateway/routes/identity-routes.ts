import { Type } from 'typebox'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Asker } from '../endpoint.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes } from '../limits.ts'
import type { MergeGuestCart } from '../merge-guest-cart.ts'
import { checkReturnUrl } from '../return-url.ts'
import { CartTokenHeader, IdParams, Time, Uuid } from '../schemas.ts'
import { pairOf, type PairDeps } from './session-routes.ts'
import { Code, TokenPair } from './session-schemas.ts'
import { userBody } from './user-schemas.ts'

export type IdentityDeps = PairDeps & {
  readonly users: Handlers<typeof UserService>
  readonly mergeCart: MergeGuestCart
  /** Where people may be sent back to; empty: to the gateway's own origin. */
  readonly returnOrigins: readonly string[]
}

/** Longer ones fit into no cookie with the rest of an attempt. */
const returnToLength = 1_000
/** Ours have 43 characters. */
const codeLength = 100
/** As long as the user service lets an attempt last. */
const attemptSeconds = 600
const cookieName = 'tillstream-login'

const ProviderParams = Type.Object({ provider: Type.String({ pattern: '^[a-z0-9-]{1,64}$' }) })

/** Logging in by an account elsewhere. */
export function identityRoutes(deps: IdentityDeps): readonly Endpoint[] {
  return [listingProviders(deps), beginning(deps), comingBack(deps), redeeming(deps), ...ownIdentities(deps)]
}

function listingProviders({ users }: IdentityDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/auth/providers',
    access: 'anyone',
    tag: 'users',
    id: 'listIdentityProviders',
    summary: 'List the providers by which people can log in',
    status: 200,
    response: Type.Object({ data: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })) }),
    handle: async (_input, call) => ({
      body: { data: [...(await users.listIdentityProviders({}, call)).providers] },
    }),
  })
}

function beginning({ users, returnOrigins }: IdentityDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/auth/oidc/:provider',
    access: 'anyone',
    tag: 'users',
    id: 'beginIdentityLogin',
    summary: 'Send the browser to the provider, where somebody logs in',
    rate: 'credentials',
    usesAsker: true,
    params: ProviderParams,
    query: Type.Object(
      {
        returnTo: Type.String({ maxLength: returnToLength, description: 'Where the browser comes back to' }),
      },
      { additionalProperties: false },
    ),
    status: 302,
    response: Type.Null(),
    async handle({ params: { provider }, query, asker }, call) {
      const returnTo = checkReturnUrl(query.returnTo, asker?.origin ?? '', returnOrigins)
      const redirectUri = callbackOf(asker, provider)
      const { url, attempt } = await users.beginIdentityLogin({ provider, redirectUri, returnTo }, call)
      return sentTo(url, cookieOf(asker, provider, attempt, attemptSeconds))
    },
  })
}

function comingBack({ users }: IdentityDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/auth/oidc/:provider/callback',
    access: 'anyone',
    tag: 'users',
    id: 'finishIdentityLogin',
    summary:
      'For providers: send the browser back to the shop with a code that is good once, or with an error',
    rate: 'credentials',
    usesAsker: true,
    params: ProviderParams,
    query: Type.Record(Type.String(), Type.String()),
    headers: Type.Object({ cookie: Type.Optional(Type.String()) }),
    status: 302,
    response: Type.Null(),
    async handle({ params: { provider }, query, headers, asker }, call) {
      const url = `${callbackOf(asker, provider)}?${new URLSearchParams(query).toString()}`
      const attempt = attemptIn(headers.cookie)
      const { returnTo, code, error } = await users.finishIdentityLogin({ provider, url, attempt }, call)
      const to = new URL(returnTo)
      if (error === '') to.searchParams.set('code', code)
      else to.searchParams.set('error', error)
      return sentTo(to.href, cookieOf(asker, provider, '', 0))
    },
  })
}

function redeeming(deps: IdentityDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/auth/token',
    access: 'anyone',
    tag: 'users',
    id: 'redeemLoginCode',
    summary:
      'Get the first pair of tokens for the code with which a browser came back; it is good once, for a minute',
    rate: 'credentials',
    usesAsker: true,
    bodyBytes: bodyBytes.login,
    headers: CartTokenHeader,
    body: Type.Object(
      { code: Type.String({ maxLength: codeLength }), secondFactorCode: Type.Optional(Code) },
      { additionalProperties: false },
    ),
    status: 200,
    response: TokenPair,
    counts: 'sign-ins',
    async handle({ headers, body, asker }, call) {
      const { client = '', address = '' } = asker ?? {}
      const { user, session } = await deps.users.redeemLoginCode(
        { code: body.code, secondFactorCode: body.secondFactorCode ?? '', client, address },
        call,
      )
      const { id, role } = userBody(user)
      await deps.mergeCart(headers['cart-token'], { id, role }, call)
      return { body: pairOf(deps, user, session) }
    },
  })
}

function ownIdentities({ users }: IdentityDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/users/me/identities',
      access: 'customer',
      tag: 'users',
      id: 'listOwnIdentities',
      summary: 'List the accounts elsewhere by which one logs in, the oldest first',
      status: 200,
      response: Type.Object({
        data: Type.Array(Type.Object({ id: Uuid, provider: Type.String(), createdAt: Time })),
      }),
      handle: async (_input, call) => ({
        body: { data: [...(await users.listIdentities({}, call)).identities] },
      }),
    }),
    endpoint({
      method: 'DELETE',
      path: '/users/me/identities/:id',
      access: 'customer',
      tag: 'users',
      id: 'unlinkOwnIdentity',
      summary: 'Log in by an account elsewhere no more, unless it is the only way into the own account',
      params: IdParams,
      status: 204,
      response: Type.Null(),
      async handle({ params }, call) {
        await users.unlinkIdentity(params, call)
        return { body: null }
      },
    }),
  ]
}

const callbackOf = (asker: Asker | undefined, provider: string): string =>
  // A port that goes without saying is left away, as browsers do: the provider knows the address letter by letter.
  new URL(`/auth/oidc/${provider}/callback`, asker?.origin ?? 'http://localhost').href

const sentTo = (location: string, cookie: string) => ({
  body: null,
  headers: { location, 'set-cookie': cookie },
})

/** Scripts don't read it, and it goes with nothing but the provider's redirect to us. */
const cookieOf = (asker: Asker | undefined, provider: string, value: string, seconds: number): string =>
  [
    ...[
      `${cookieName}=${value}`,
      `Path=/auth/oidc/${provider}`,
      `Max-Age=${seconds}`,
      'HttpOnly',
      'SameSite=Lax',
    ],
    ...(asker?.origin.startsWith('https:') ? ['Secure'] : []),
  ].join('; ')

function attemptIn(cookies = ''): string {
  const found = cookies.split(';').find((cookie) => cookie.trim().startsWith(`${cookieName}=`))
  return found?.trim().slice(cookieName.length + 1) ?? ''
}

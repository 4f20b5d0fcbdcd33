import { Type } from 'typebox'
import type { SessionSchema, UserSchema, UserService } from '../../gen/user/v1/user_pb.ts'
import { systemCall } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes } from '../limits.ts'
import type { MergeGuestCart } from '../merge-guest-cart.ts'
import type { RefreshTokens } from '../refresh-tokens.ts'
import type { TokenOwner } from '../issue-token.ts'
import { CartTokenHeader, IdParams } from '../schemas.ts'
import {
  LoginBody,
  PasswordBody,
  RefreshBody,
  sessionBody,
  SessionList,
  TokenPair,
} from './session-schemas.ts'
import { userBody } from './user-schemas.ts'

type Session = Wire<typeof SessionSchema>

/** With what tokens are made. */
export type PairDeps = {
  readonly issueToken: (user: TokenOwner, session: Session) => string
  readonly refreshTokens: RefreshTokens
  readonly accessTokenSeconds: number
}

export type SessionDeps = PairDeps & {
  readonly users: Handlers<typeof UserService>
  readonly mergeCart: MergeGuestCart
}

export function sessionRoutes(deps: SessionDeps): readonly Endpoint[] {
  return [loggingIn(deps), refreshing(deps), ...leaving(deps), ...ownSessions(deps), changingPassword(deps)]
}

/** Made from the session alone, so that a refresh that is repeated gets the same pair. */
export function pairOf(
  { issueToken, refreshTokens, accessTokenSeconds }: PairDeps,
  user: Wire<typeof UserSchema>,
  session: Session,
) {
  const { id: sessionId, generation, refreshedAt, expiresAt } = session
  const refreshExpiresIn = Math.round((Date.parse(expiresAt) - Date.parse(refreshedAt)) / 1_000)
  return {
    ...({
      accessToken: issueToken(user, session),
      tokenType: 'Bearer',
      expiresIn: accessTokenSeconds,
    } as const),
    ...{ refreshToken: refreshTokens.issue({ sessionId, generation }), refreshExpiresIn, sessionId },
    user: userBody(user),
  }
}

function loggingIn(deps: SessionDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/users/login',
    access: 'anyone',
    tag: 'users',
    id: 'logIn',
    summary: 'Log in by e-mail address or username: begins a session and gives its first pair of tokens',
    admission: 'credentials',
    rate: 'credentials',
    logins: (body) => [loginOf(body)],
    usesAsker: true,
    bodyBytes: bodyBytes.login,
    headers: CartTokenHeader,
    body: LoginBody,
    counts: 'sign-ins',
    status: 200,
    response: TokenPair,
    async handle({ headers, body, asker }, call) {
      const { client = '', address = '' } = asker ?? {}
      const { password, code = '' } = body
      const request = { login: loginOf(body), password, code, client, address }
      const { user, session } = await deps.users.logIn(request, call)
      const { id, role } = userBody(user)
      await deps.mergeCart(headers['cart-token'], { id, role }, call)
      return { body: pairOf(deps, user, session) }
    },
  })
}

function refreshing(deps: SessionDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/auth/refresh',
    access: 'anyone',
    tag: 'users',
    id: 'refreshSession',
    summary:
      'Get the next pair of tokens. A refresh token is good once: within ten seconds it gives the same pair again, later it ends the session',
    bodyBytes: bodyBytes.login,
    body: RefreshBody,
    status: 200,
    response: TokenPair,
    async handle({ body }, { correlationId, traceparent }) {
      const refreshable = deps.refreshTokens.read(body.refreshToken)
      const { user, session } = await deps.users.refreshSession(
        refreshable,
        systemCall(correlationId, traceparent),
      )
      return { body: pairOf(deps, user, session) }
    },
  })
}

function leaving({ users }: SessionDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/auth/logout',
      access: 'customer',
      isForSetup: true,
      tag: 'users',
      id: 'logOut',
      summary: 'End the session of this token; within a second no gateway accepts it any more',
      status: 204,
      response: Type.Null(),
      async handle(_input, call, identity) {
        await users.endSession({ id: identity?.sessionId ?? '' }, call)
        return { body: null }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/auth/logout-all',
      access: 'customer',
      isForSetup: true,
      tag: 'users',
      id: 'logOutEverywhere',
      summary: "End all of one's sessions",
      status: 204,
      response: Type.Null(),
      async handle(_input, call) {
        await users.endSessions({}, call)
        return { body: null }
      },
    }),
  ]
}

function ownSessions({ users }: SessionDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/users/me/sessions',
      access: 'customer',
      tag: 'users',
      id: 'listOwnSessions',
      summary: "List one's own sessions, the latest used first",
      status: 200,
      response: SessionList,
      async handle(_input, call, identity) {
        const { sessions } = await users.listSessions({}, call)
        return { body: { data: sessions.map((session) => sessionBody(session, identity?.sessionId)) } }
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/users/me/sessions/:id',
      access: 'customer',
      tag: 'users',
      id: 'endOwnSession',
      summary: "End one of one's own sessions",
      params: IdParams,
      status: 204,
      response: Type.Null(),
      async handle({ params }, call) {
        await users.endSession(params, call)
        return { body: null }
      },
    }),
  ]
}

function changingPassword({ users }: SessionDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/users/me/password',
    access: 'customer',
    tag: 'users',
    id: 'changePassword',
    summary: "Change one's own password; all other sessions end",
    admission: 'credentials',
    rate: 'credentials',
    // Whoever has got hold of a token must not guess the password with it.
    logins: (_body, identity) => (identity ? [identity.email] : []),
    takesIdempotencyKey: true,
    bodyBytes: bodyBytes.login,
    body: PasswordBody,
    status: 204,
    response: Type.Null(),
    async handle({ body }, call, identity) {
      const change = { ...body, sessionId: identity?.sessionId ?? '' }
      const { replayed } = await users.changePassword(change, call)
      return { body: null, isReplay: replayed }
    },
  })
}

function loginOf(body: { readonly email?: string; readonly username?: string }): string {
  const [login, ...more] = [body.email, body.username].filter((text) => text !== undefined)
  if (login !== undefined && more.length === 0) return login
  throw new Refusal('invalid', 'request.invalid', 'give either the email or the username', {
    errors: [{ in: 'body', path: '', message: 'must have either email or username' }],
  })
}

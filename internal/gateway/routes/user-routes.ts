import { Type } from 'typebox'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import type { MergeGuestCart } from '../merge-guest-cart.ts'
import { bodyBytes } from '../limits.ts'
import { CartTokenHeader, IdParams, refTo } from '../schemas.ts'
import { ProfileBody, RegisterBody, TokenUser, User, userBody } from './user-schemas.ts'

export type UserDeps = {
  readonly users: Handlers<typeof UserService>
  readonly mergeCart: MergeGuestCart
}

export function userRoutes(deps: UserDeps): readonly Endpoint[] {
  return [registering(deps), validating(), ...profileRoutes(deps)]
}

function registering({ users, mergeCart }: UserDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/users/register',
    access: 'anyone',
    tag: 'users',
    id: 'registerUser',
    summary: 'Register an account',
    admission: 'credentials',
    rate: 'credentials',
    takesIdempotencyKey: true,
    logins: ({ email, username }) => [email, username],
    bodyBytes: bodyBytes.account,
    headers: CartTokenHeader,
    body: RegisterBody,
    status: 201,
    response: Type.Object({ user: refTo(User) }),
    async handle({ headers, body }, call) {
      const request = { name: '', phone: '', address: '', ...body }
      const { user, replayed } = await users.registerUser(request, call)
      await mergeCart(headers['cart-token'], { id: user.id, role: 'customer' }, call)
      return {
        body: { user: userBody(user) },
        headers: { location: `/users/${user.id}` },
        isReplay: replayed,
      }
    },
  })
}

function validating(): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/auth/validate',
    access: 'customer',
    isForSetup: true,
    tag: 'users',
    id: 'validateToken',
    summary: 'Show whose token this is',
    status: 200,
    response: TokenUser,
    async handle(_input, _call, identity) {
      if (!identity) throw new Refusal('unauthenticated', 'auth.required', 'log in first')
      const { userId: id, email, role, permissions } = identity
      return {
        body: { user: { id, email, role, ...(role === 'staff' ? { permissions: [...permissions] } : {}) } },
      }
    },
  })
}

function profileRoutes({ users }: UserDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/users/me',
      access: 'customer',
      isForSetup: true,
      tag: 'users',
      id: 'getOwnUser',
      summary: "Show one's own account",
      status: 200,
      response: refTo(User),
      handle: async (_input, call, identity) => ({
        body: userBody((await users.getUser({ id: identity?.userId ?? '' }, call)).user),
      }),
    }),
    endpoint({
      method: 'PATCH',
      path: '/users/me',
      access: 'customer',
      tag: 'users',
      id: 'updateOwnUser',
      summary: "Change one's own profile; absent fields stay as they are",
      bodyBytes: bodyBytes.account,
      body: ProfileBody,
      status: 200,
      response: refTo(User),
      handle: async ({ body }, call) => ({ body: userBody((await users.updateProfile(body, call)).user) }),
    }),
    endpoint({
      method: 'GET',
      path: '/users/:id',
      access: 'customer',
      tag: 'users',
      id: 'getUser',
      summary: "Show one's own account, or as staff anybody's",
      permission: 'customers:read',
      params: IdParams,
      status: 200,
      response: refTo(User),
      handle: async ({ params }, call) => ({ body: userBody((await users.getUser(params, call)).user) }),
    }),
  ]
}

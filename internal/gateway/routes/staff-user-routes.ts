import { Type } from 'typebox'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Cursors } from '../cursor.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { pageLength } from '../limits.ts'
import { IdParams, pageOf } from '../schemas.ts'
import { AccessBody, ListUsersQuery, StaffUser, staffUserBody } from './user-schemas.ts'

export type StaffUserDeps = { readonly users: Handlers<typeof UserService>; readonly cursors: Cursors }

/** What staff see and decide of people. */
export function staffUserRoutes({ users, cursors }: StaffUserDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/users',
      access: 'staff',
      permission: 'customers:read',
      tag: 'admin',
      id: 'listUsers',
      summary: 'List accounts, newest first; q is how an e-mail address or a username begins',
      query: ListUsersQuery,
      status: 200,
      response: pageOf(StaffUser),
      async handle({ query }, call) {
        const { q, role } = query
        const list = ['users', q, role]
        const [afterId] = cursors.read(list, query.cursor) ?? []
        const request = { query: q, role, limit: query.limit ?? pageLength.default, afterId }
        const { users: found, nextId } = await users.listUsers(request, call)
        const next = nextId === undefined ? undefined : [nextId]
        return { body: { data: found.map(staffUserBody), nextCursor: cursors.write(list, next) } }
      },
    }),
    endpoint({
      method: 'PATCH',
      path: '/admin/users/:id',
      access: 'staff',
      permission: 'customers:write',
      tag: 'admin',
      id: 'changeAccess',
      summary:
        "Change somebody's role and permissions (admins only), or block the account, which ends its sessions; it counts within a second",
      params: IdParams,
      body: AccessBody,
      status: 200,
      response: Type.Object({ user: StaffUser }),
      async handle({ params, body }, call) {
        const { permissions, secondFactor, ...rest } = body
        const replaced = { replace: permissions !== undefined, names: permissions ?? [] }
        const request = {
          ...{ ...params, ...rest, permissions: replaced },
          removeSecondFactor: secondFactor === false,
        }
        const { user } = await users.changeAccess(request, call)
        return { body: { user: staffUserBody(user) } }
      },
    }),
  ]
}

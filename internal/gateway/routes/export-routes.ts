import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { exportOf, type ExportDeps } from '../export-person.ts'

export type { ExportDeps } from '../export-person.ts'

export function exportRoutes(deps: ExportDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/users/me/export',
      access: 'customer',
      tag: 'users',
      id: 'exportOwnData',
      summary: 'Everything that is stored of oneself, as one JSON document',
      admission: 'credentials',
      status: 200,
      mediaType: 'application/json',
      response: Type.Unsafe<Readable>({ type: 'object' }),
      async handle(_input, call, identity) {
        const userId = identity?.userId ?? ''
        const { user } = await deps.users.getUser({ id: userId }, call)
        const headers = { 'content-disposition': 'attachment; filename="my-data.json"' }
        return { body: Readable.from(exportOf(deps, user, call)), headers }
      },
    }),
  ]
}

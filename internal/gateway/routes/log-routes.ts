import type { ConsumerService } from '../../gen/consumer/v1/consumer_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Cursors } from '../cursor.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { pageLength } from '../limits.ts'
import { pageOf } from '../schemas.ts'
import { Activity, activityBody, LogQuery } from './log-schemas.ts'

export type LogDeps = { readonly consumer: Handlers<typeof ConsumerService>; readonly cursors: Cursors }

/** Who did what. */
export function logRoutes({ consumer, cursors }: LogDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/log',
      access: 'staff',
      permission: 'log:read',
      tag: 'admin',
      id: 'listActivity',
      summary: 'List what staff, admins and API keys have done, newest first',
      query: LogQuery,
      status: 200,
      response: pageOf(Activity),
      async handle({ query }, call) {
        const { actor, what, from } = query
        const list = ['log', actor, what, from]
        const [afterId] = cursors.read(list, query.cursor) ?? []
        const request = { actorId: actor, what, from, limit: query.limit ?? pageLength.default, afterId }
        const { activities, nextId } = await consumer.listActivity(request, call)
        const next = nextId === undefined ? undefined : [nextId]
        return { body: { data: activities.map(activityBody), nextCursor: cursors.write(list, next) } }
      },
    }),
  ]
}

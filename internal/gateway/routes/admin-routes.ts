import type { ConsumerService } from '../../gen/consumer/v1/consumer_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Cursors } from '../cursor.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { pageLength } from '../limits.ts'
import { IdParams, pageOf, refTo } from '../schemas.ts'
import { Audit, DeadLetter, deadLetterBody, DiscardBody, ListDeadLettersQuery } from './admin-schemas.ts'

export type AdminDeps = { readonly consumer: Handlers<typeof ConsumerService>; readonly cursors: Cursors }

export function adminRoutes(deps: AdminDeps): readonly Endpoint[] {
  return [...readingRoutes(deps), ...resolvingRoutes(deps)]
}

function readingRoutes({ consumer, cursors }: AdminDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/dead-letters',
      access: 'staff',
      permission: 'operations:read',
      tag: 'admin',
      id: 'listDeadLetters',
      summary: 'List dead letters (messages that could not be handled), newest first',
      query: ListDeadLettersQuery,
      status: 200,
      response: pageOf(DeadLetter),
      async handle({ query }, call) {
        const list = ['dead-letters', query.status]
        const [afterId] = cursors.read(list, query.cursor) ?? []
        const request = { status: query.status, limit: query.limit ?? pageLength.default, afterId }
        const { deadLetters, nextId } = await consumer.listDeadLetters(request, call)
        const next = nextId === undefined ? undefined : [nextId]
        return { body: { data: deadLetters.map(deadLetterBody), nextCursor: cursors.write(list, next) } }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/admin/dead-letters/:id',
      access: 'staff',
      permission: 'operations:read',
      tag: 'admin',
      id: 'getDeadLetter',
      summary: 'Show one dead letter',
      params: IdParams,
      status: 200,
      response: refTo(DeadLetter),
      handle: async ({ params }, call) => ({
        body: deadLetterBody((await consumer.getDeadLetter(params, call)).deadLetter),
      }),
    }),
    endpoint({
      method: 'GET',
      path: '/admin/audit',
      access: 'staff',
      permission: 'operations:read',
      tag: 'admin',
      id: 'runAudit',
      summary: 'Check the invariants over everything that is stored (the audit)',
      status: 200,
      response: Audit,
      async handle(_input, call) {
        const { invariants } = await consumer.runAudit({}, call)
        const ok = invariants.every(({ violations }) => violations === 0)
        return {
          body: {
            ok,
            invariants: invariants.map((found) => ({ ...found, offenders: [...found.offenders] })),
          },
        }
      },
    }),
  ]
}

function resolvingRoutes({ consumer }: AdminDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/admin/dead-letters/:id/requeue',
      access: 'staff',
      permission: 'operations:write',
      tag: 'admin',
      id: 'requeueDeadLetter',
      summary: 'Publish a dead letter again',
      params: IdParams,
      takesIdempotencyKey: true,
      status: 200,
      response: refTo(DeadLetter),
      async handle({ params }, call) {
        const { deadLetter, replayed } = await consumer.requeueDeadLetter(params, call)
        return { body: deadLetterBody(deadLetter), isReplay: replayed }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/admin/dead-letters/:id/discard',
      access: 'staff',
      permission: 'operations:write',
      tag: 'admin',
      id: 'discardDeadLetter',
      summary: 'Discard a dead letter with a reason',
      params: IdParams,
      takesIdempotencyKey: true,
      body: DiscardBody,
      status: 200,
      response: refTo(DeadLetter),
      async handle({ params, body }, call) {
        const { deadLetter, replayed } = await consumer.discardDeadLetter({ ...params, ...body }, call)
        return { body: deadLetterBody(deadLetter), isReplay: replayed }
      },
    }),
  ]
}

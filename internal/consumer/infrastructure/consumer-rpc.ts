import type { ConsumerService, DeadLetterSchema } from '../../gen/consumer/v1/consumer_pb.ts'
import { requirePermission } from '../../platform/call.ts'
import { fittingPage } from '../../platform/message-size.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { Wire } from '../../platform/wire.ts'
import type { readOrderTimeline } from '../../timeline/timeline-service.ts'
import { timelineJson } from './timeline-json.ts'
import type { listActivity } from '../application/activities.ts'
import type {
  discardDeadLetter,
  getDeadLetter,
  listDeadLetters,
  requeueDeadLetter,
} from '../application/dead-letters.ts'
import {
  deadLetterStatuses,
  type DeadLetter,
  type DeadLetterId,
  type DeadLetterStatus,
} from '../domain/dead-letter.ts'

export type ConsumerApp = {
  readonly list: ReturnType<typeof listDeadLetters>
  readonly get: ReturnType<typeof getDeadLetter>
  readonly requeue: ReturnType<typeof requeueDeadLetter>
  readonly discard: ReturnType<typeof discardDeadLetter>
  readonly listActivity: ReturnType<typeof listActivity>
  readonly timeline: ReturnType<typeof readOrderTimeline>
  readonly audit: () => Promise<Awaited<ReturnType<Handlers<typeof ConsumerService>['runAudit']>>>
}

export function consumerRpc(app: ConsumerApp): Handlers<typeof ConsumerService> {
  return {
    async listDeadLetters({ status, limit, afterId }, call) {
      const filter = {
        status: statusOf(status),
        after: afterId === undefined ? undefined : idOf(afterId),
        limit,
      }
      const { letters, next } = await app.list(filter, call)
      const { items, nextId } = fittingPage(letters.map(deadLetterJson), next)
      return { deadLetters: items, nextId }
    },
    getDeadLetter: async ({ id }, call) => ({ deadLetter: deadLetterJson(await app.get(idOf(id), call)) }),
    async requeueDeadLetter({ id }, call) {
      const { result, isReplay } = await app.requeue(idOf(id), call)
      return { deadLetter: deadLetterJson(result), replayed: isReplay }
    },
    async discardDeadLetter({ id, reason }, call) {
      const { result, isReplay } = await app.discard({ id: idOf(id), reason }, call)
      return { deadLetter: deadLetterJson(result), replayed: isReplay }
    },
    async runAudit(_request, call) {
      requirePermission(call, 'operations:read')
      return app.audit()
    },
    async getOrderTimeline({ orderId }, call) {
      requirePermission(call, 'orders:read')
      return timelineJson(await app.timeline(parseUuid(orderId, 'order.invalid-id', "an order's id")))
    },
    async listActivity({ actorId, what, from, limit, afterId }, call) {
      const filter = {
        ...{ what, limit, from: from === undefined ? undefined : timeOf(from) },
        actorId: actorId === undefined ? undefined : parseUuid(actorId, 'log.invalid-actor', 'an actor'),
        after: afterId === undefined ? undefined : parseUuid(afterId, 'log.invalid-id', "an entry's id"),
      }
      const { activities, next } = await app.listActivity(filter, call)
      const { items, nextId } = fittingPage(
        activities.map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() })),
        next,
      )
      return { activities: items, nextId }
    },
  }
}

function timeOf(text: string): Date {
  const time = new Date(text)
  if (!Number.isNaN(time.getTime())) return time
  throw new Refusal('invalid', 'log.invalid-time', 'a time is written as RFC 3339 says')
}

const idOf = (id: string): DeadLetterId =>
  parseUuid(id, 'dead-letter.invalid-id', "a dead letter's id") as DeadLetterId

function statusOf(text: string | undefined): DeadLetterStatus | undefined {
  if (text === undefined) return undefined
  const status = deadLetterStatuses.find((known) => known === text)
  if (status) return status
  throw new Refusal(
    'invalid',
    'dead-letter.invalid-status',
    `a status is one of ${deadLetterStatuses.join(', ')}`,
  )
}

function deadLetterJson({ messageKey: _messageKey, ...letter }: DeadLetter): Wire<typeof DeadLetterSchema> {
  return {
    ...letter,
    streamSequence: String(letter.streamSequence),
    data: textOf(letter.data),
    deadAt: letter.deadAt.toISOString(),
  }
}

/** A message may be as large as an answer, and larger as a text in JSON. It is stored and published again as a whole. */
const shownBytes = 100_000

function textOf(data: Uint8Array): string {
  const decoder = new TextDecoder()
  if (data.length <= shownBytes) return decoder.decode(data)
  return `${decoder.decode(data.subarray(0, shownBytes))}… (${data.length} bytes)`
}

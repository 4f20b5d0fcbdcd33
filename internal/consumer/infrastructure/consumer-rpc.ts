import type { ConsumerService, DeadLetterSchema } from '../../gen/consumer/v1/consumer_pb.ts'
import { requireAdmin } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { Wire } from '../../platform/wire.ts'
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
      return { deadLetters: letters.map(deadLetterJson), nextId: next }
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
      requireAdmin(call)
      return app.audit()
    },
  }
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
    data: new TextDecoder().decode(letter.data),
    deadAt: letter.deadAt.toISOString(),
  }
}

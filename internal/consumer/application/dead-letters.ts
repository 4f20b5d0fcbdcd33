import { requirePermission, traceOf, type Call } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import { Refusal } from '../../platform/refusal.ts'
import { discard, requeue, type DeadLetter, type DeadLetterId } from '../domain/dead-letter.ts'
import type { DeadLetterFilter, DeadLetters, Republish } from './ports.ts'

type Deps = { readonly letters: DeadLetters }

export function listDeadLetters({ letters }: Deps) {
  return async (filter: DeadLetterFilter, call: Call) => {
    requirePermission(call, 'operations:read')
    return letters.page(filter)
  }
}

export function getDeadLetter({ letters }: Deps) {
  return async (id: DeadLetterId, call: Call): Promise<DeadLetter> => {
    requirePermission(call, 'operations:read')
    return existing(letters, id)
  }
}

async function existing(letters: DeadLetters, id: DeadLetterId): Promise<DeadLetter> {
  const letter = await letters.find(id)
  if (!letter) throw new Refusal('not-found', 'dead-letter.not-found', 'there is no such dead letter')
  return letter
}

/**
 * Publishes the dead letter and marks it afterwards. After a crash in between it is still open, and requeueing it
 * again repeats the same publication.
 */
export function requeueDeadLetter({ letters, republish }: Deps & { readonly republish: Republish }) {
  return async (id: DeadLetterId, call: Call): Promise<Done<DeadLetter>> => {
    requirePermission(call, 'operations:write')
    const letter = await existing(letters, id)
    return doOnce(call.once, letters.findByRequest, async () => {
      const requeued = requeue(letter)
      await republish(requeued)
      return resolved(letters, requeued, letter, call)
    })
  }
}

export function discardDeadLetter({ letters }: Deps) {
  return async (
    { id, reason }: { readonly id: DeadLetterId; readonly reason: string },
    call: Call,
  ): Promise<Done<DeadLetter>> => {
    requirePermission(call, 'operations:write')
    const letter = await existing(letters, id)
    return doOnce(call.once, letters.findByRequest, async () =>
      resolved(letters, discard(letter, reason), letter, call),
    )
  }
}

async function resolved(
  letters: DeadLetters,
  after: DeadLetter,
  before: DeadLetter,
  call: Call,
): Promise<DeadLetter> {
  if (await letters.resolve(after, before.status, call.once, traceOf(call))) return after
  throw new Refusal(
    'conflict',
    'dead-letter.resolved',
    'somebody else has resolved this dead letter meanwhile',
  )
}

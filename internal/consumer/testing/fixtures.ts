import type { Call } from '../../platform/call.ts'
import { newId } from '../../platform/new-id.ts'
import type { DeadLetter, DeadLetterId } from '../domain/dead-letter.ts'

export const now = new Date('2026-01-02T03:04:05.678Z')

export const admin: Call = {
  actor: { kind: 'user', userId: newId(), role: 'admin' },
  correlationId: 'test',
  traceparent: '',
}
export const by = { kind: 'user', id: newId(), address: '192.0.2.1' } as const
export const customer: Call = { ...admin, actor: { kind: 'user', userId: newId(), role: 'customer' } }

/** A valid open letter about an event of its own. */
export function deadLetter(changes: Partial<DeadLetter> = {}): DeadLetter {
  const eventId = newId()
  return {
    id: newId() as DeadLetterId,
    subscription: 'settle-created',
    messageKey: eventId,
    stream: 'ORDERS',
    streamSequence: 7n,
    subject: 'order.created',
    eventId,
    status: 'open',
    code: 'message.not-json',
    error: 'the message is not JSON',
    deliveries: 1,
    data: new Uint8Array([0, 255, 123]),
    headers: [
      { name: 'ce-id', value: eventId },
      { name: 'x-many', value: 'one' },
      { name: 'x-many', value: 'two' },
    ],
    deadAt: now,
    resolution: '',
    requeues: 0,
    ...changes,
  }
}

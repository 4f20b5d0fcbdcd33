import { UserCreatedSchema } from '../../gen/user/v1/events_pb.ts'
import type { UserSchema } from '../../gen/user/v1/user_pb.ts'
import type { Trace } from '../../platform/call.ts'
import { eventType } from '../../platform/event.ts'
import { outboxEvent, type OutboxEvent } from '../../platform/outbox.ts'
import type { Wire } from '../../platform/wire.ts'
import { hasSecondFactor, type Account, type AccountEvent } from '../domain/account.ts'

/** The account in the form of the contract, which has no password hash. */
export function userJson(account: Account): Wire<typeof UserSchema> {
  const { id, username, email, role, name, phone, address } = account
  return {
    id,
    username,
    email,
    role,
    name,
    phone,
    address,
    createdAt: account.createdAt.toISOString(),
    updatedAt: account.updatedAt.toISOString(),
    blocked: account.blockedAt !== undefined,
    permissions: account.permissions,
    secondFactor: hasSecondFactor(account),
  }
}

const userCreated = eventType(UserCreatedSchema)

/**
 * The event tells of the account and not of the person, because every subscriber sees it and the streams keep it. The
 * fields that did are empty, so that those who read them go on.
 */
export function encodeAccountEvent({ account }: AccountEvent, trace: Trace): OutboxEvent {
  const { id, role, createdAt } = account
  const fact = {
    aggregateType: 'user',
    aggregateId: id,
    aggregateVersion: account.version,
    occurredAt: createdAt,
    data: { userId: id, username: '', email: '', name: '', role, createdAt: createdAt.toISOString() },
  }
  return outboxEvent(userCreated, fact, trace)
}

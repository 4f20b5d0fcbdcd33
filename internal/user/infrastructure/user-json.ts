import {
  UserCreatedSchema,
  UserDataErasedSchema,
  UserEmailVerificationRequestedSchema,
  UserErasedSchema,
  UserIdentityLinkedSchema,
  UserIdentityUnlinkedSchema,
  UserPasswordChangedSchema,
  UserPasswordResetRequestedSchema,
  UserUpdatedSchema,
} from '../../gen/user/v1/events_pb.ts'
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
    emailVerified: account.emailVerifiedAt !== undefined,
    secondFactor: hasSecondFactor(account),
  }
}

const userCreated = eventType(UserCreatedSchema)
const userUpdated = eventType(UserUpdatedSchema)
const passwordChanged = eventType(UserPasswordChangedSchema)
const verificationRequested = eventType(UserEmailVerificationRequestedSchema)
const identityLinked = eventType(UserIdentityLinkedSchema)
const identityUnlinked = eventType(UserIdentityUnlinkedSchema)
const userErased = eventType(UserErasedSchema)
const dataErased = eventType(UserDataErasedSchema)
const resetRequested = eventType(UserPasswordResetRequestedSchema)

/**
 * Events tell of the account and not of the person, because every subscriber sees them and the streams keep them.
 */
export function encodeAccountEvent(event: AccountEvent, trace: Trace): OutboxEvent {
  const { id, role, createdAt, eventVersion, lastEventAt } = event.account
  const fact = {
    aggregateType: 'user',
    aggregateId: id,
    aggregateVersion: eventVersion,
    occurredAt: lastEventAt,
  }
  if (event.type === 'MailRequested') {
    const { kind, id: requestId } = event.request
    const data = { userId: id, requestId }
    return kind === 'password-reset'
      ? outboxEvent(resetRequested, { ...fact, data }, trace)
      : outboxEvent(verificationRequested, { ...fact, data }, trace)
  }
  if (event.type === 'IdentityLinked' || event.type === 'IdentityUnlinked') {
    const data = { userId: id, identityId: event.identity.id, provider: event.identity.provider }
    return event.type === 'IdentityLinked'
      ? outboxEvent(identityLinked, { ...fact, data }, trace)
      : outboxEvent(identityUnlinked, { ...fact, data }, trace)
  }
  if (event.type === 'UserUpdated')
    return outboxEvent(userUpdated, { ...fact, data: { userId: id, changed: event.changed } }, trace)
  if (event.type === 'PasswordChanged')
    return outboxEvent(passwordChanged, { ...fact, data: { userId: id, by: event.by } }, trace)
  if (event.type === 'UserErased') return outboxEvent(userErased, { ...fact, data: { userId: id } }, trace)
  if (event.type === 'DataErased')
    return outboxEvent(dataErased, { ...fact, data: { userId: id, context: event.context } }, trace)
  const data = { userId: id, role, createdAt: createdAt.toISOString() }
  return outboxEvent(userCreated, { ...fact, data }, trace)
}

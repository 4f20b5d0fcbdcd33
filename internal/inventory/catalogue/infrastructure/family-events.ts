import {
  FamilyCreatedSchema,
  FamilyDeletedSchema,
  FamilyUpdatedSchema,
} from '../../../gen/inventory/v1/events_pb.ts'
import type { Trace } from '../../../platform/call.ts'
import { eventType } from '../../../platform/event.ts'
import { outboxEvent, type OutboxEvent } from '../../../platform/outbox.ts'
import type { FamilyEvent } from '../domain/family.ts'
import { familyJson } from './family-json.ts'

const familyCreated = eventType(FamilyCreatedSchema)
const familyUpdated = eventType(FamilyUpdatedSchema)
const familyDeleted = eventType(FamilyDeletedSchema)

export function encodeFamilyEvent({ type, family }: FamilyEvent, trace: Trace): OutboxEvent {
  const aggregate = {
    aggregateType: 'family',
    aggregateId: family.id,
    aggregateVersion: family.version,
    occurredAt: family.updatedAt,
  }
  const whole = { ...aggregate, data: { family: familyJson(family) } }
  switch (type) {
    case 'FamilyCreated':
      return outboxEvent(familyCreated, whole, trace)
    case 'FamilyUpdated':
      return outboxEvent(familyUpdated, whole, trace)
    case 'FamilyDeleted': {
      const data = { familyId: family.id, deletedAt: family.updatedAt.toISOString() }
      return outboxEvent(familyDeleted, { ...aggregate, data }, trace)
    }
  }
}

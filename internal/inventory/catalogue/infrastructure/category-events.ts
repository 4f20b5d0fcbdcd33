import {
  CategoryCreatedSchema,
  CategoryDeletedSchema,
  CategoryUpdatedSchema,
} from '../../../gen/inventory/v1/events_pb.ts'
import type { Trace } from '../../../platform/call.ts'
import { eventType } from '../../../platform/event.ts'
import { outboxEvent, type OutboxEvent } from '../../../platform/outbox.ts'
import type { CategoryEvent } from '../domain/category.ts'
import { categoryJson } from './category-json.ts'

const categoryCreated = eventType(CategoryCreatedSchema)
const categoryUpdated = eventType(CategoryUpdatedSchema)
const categoryDeleted = eventType(CategoryDeletedSchema)

export function encodeCategoryEvent({ type, category }: CategoryEvent, trace: Trace): OutboxEvent {
  const aggregate = {
    aggregateType: 'category',
    aggregateId: category.id,
    aggregateVersion: category.version,
    occurredAt: category.updatedAt,
  }
  const whole = { ...aggregate, data: { category: categoryJson(category) } }
  switch (type) {
    case 'CategoryCreated':
      return outboxEvent(categoryCreated, whole, trace)
    case 'CategoryUpdated':
      return outboxEvent(categoryUpdated, whole, trace)
    case 'CategoryDeleted': {
      const deletedAt = category.updatedAt.toISOString()
      const data = { categoryId: category.id, path: category.path, deletedAt }
      return outboxEvent(categoryDeleted, { ...aggregate, data }, trace)
    }
  }
}

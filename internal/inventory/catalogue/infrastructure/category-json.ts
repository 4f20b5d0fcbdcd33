import type { CategorySchema } from '../../../gen/inventory/v1/inventory_pb.ts'
import type { Wire } from '../../../platform/wire.ts'
import type { Category } from '../domain/category.ts'

export function categoryJson(category: Category): Wire<typeof CategorySchema> {
  const { id, parentId, name, path, attributes, version, createdAt, updatedAt } = category
  return {
    ...{ id, name, path, attributes, version },
    ...(parentId !== undefined && { parentId }),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}

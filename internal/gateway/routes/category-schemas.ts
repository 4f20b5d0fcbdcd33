import { Type, type Static } from 'typebox'
import type { CategorySchema } from '../../gen/inventory/v1/inventory_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import { attributeName, attributes, categoryNameLength } from '../limits.ts'
import { named, Time, Uuid } from '../schemas.ts'

const AttributeDefinition = Type.Object(
  {
    name: Type.String({ pattern: attributeName }),
    type: Type.Enum(['string', 'number', 'boolean']),
  },
  { additionalProperties: false },
)

export const Category = named(
  'Category',
  Type.Object({
    id: Uuid,
    parentId: Type.Optional(Type.String({ format: 'uuid', description: 'Absent at the root' })),
    name: Type.String(),
    path: Type.String({
      description:
        'The names of those above it and its own, such as kitchen/teapots: the category of products',
    }),
    attributes: Type.Array(AttributeDefinition, {
      description: 'What its products may say of themselves, beside what those above it have',
    }),
    version: Type.Integer({
      description: 'Counts the changes of the path and of the attributes; it is also the ETag',
    }),
    createdAt: Time,
    updatedAt: Time,
  }),
)

const Name = Type.String({
  minLength: 1,
  maxLength: categoryNameLength,
  pattern: '^[^/]+$',
  description: 'Unlike any other at its place, whatever its case',
})

const Definitions = Type.Array(AttributeDefinition, { maxItems: attributes.perCategory })

export const NewCategory = Type.Object(
  { name: Name, parentId: Type.Optional(Uuid), attributes: Type.Optional(Definitions) },
  { additionalProperties: false },
)

export const CategoryPatch = Type.Object(
  {
    name: Type.Optional(Name),
    attributes: Type.Optional(Definitions),
    parentId: Type.Optional(
      Type.Unsafe<string | null>({
        type: ['string', 'null'],
        format: 'uuid',
        description: 'null moves it to the root',
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
)

type AttributeType = Static<typeof AttributeDefinition>['type']

export function categoryBody(category: Wire<typeof CategorySchema>): Static<typeof Category> {
  const { id, parentId, name, path, version, attributes: given, createdAt, updatedAt } = category
  return {
    ...{ id, name, path, version, createdAt, updatedAt },
    // The service stores no other types.
    attributes: given.map(({ name, type }) => ({ name, type: type as AttributeType })),
    ...(parentId !== undefined && { parentId }),
  }
}

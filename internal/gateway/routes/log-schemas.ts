import { Type, type Static } from 'typebox'
import type { ActivitySchema } from '../../gen/consumer/v1/consumer_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import { named, pageQuery, Time, Uuid } from '../schemas.ts'

const Changed = Type.Record(Type.String(), Type.Unknown(), { description: 'The fields that changed' })

export const Activity = named(
  'Activity',
  Type.Object({
    id: Uuid,
    at: Time,
    actor: Type.Object({ kind: Type.Enum(['user', 'key']), id: Uuid }),
    what: Type.String({ description: 'A stable name, such as product.updated' }),
    subjectId: Type.String({ description: 'The id of what was changed' }),
    before: Changed,
    after: Changed,
    reason: Type.String({ description: 'In the words of whoever did it' }),
    address: Type.String({ description: 'From where; an IPv6 address as its network' }),
    requestId: Type.String({ description: 'The x-request-id of the request' }),
  }),
)

/** Longer than any name. */
const whatLength = 100

export const LogQuery = Type.Object(
  {
    actor: Type.Optional({ ...Uuid, description: 'The id of a user or of an API key' }),
    what: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: whatLength,
        description: 'A name such as product.updated, or the beginning of one that ends with a dot: product.',
      }),
    ),
    from: Type.Optional({ ...Time, description: 'Entries of this time and later' }),
    ...pageQuery,
  },
  { additionalProperties: false },
)

export function activityBody(activity: Wire<typeof ActivitySchema>): Static<typeof Activity> {
  const { id, at, actorKind, actorId, what, subjectId, before, after, reason, address } = activity
  return {
    ...{ id, at, what, subjectId, reason, address, requestId: activity.correlationId },
    actor: { kind: actorKind === 'key' ? 'key' : 'user', id: actorId },
    before: JSON.parse(before) as Record<string, unknown>, // act.ts has written both
    after: JSON.parse(after) as Record<string, unknown>,
  }
}

import { Type, type Static } from 'typebox'
import type { DeadLetterSchema } from '../../gen/consumer/v1/consumer_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import { reasonLength } from '../limits.ts'
import { named, pageQuery, Time, Uuid } from '../schemas.ts'

const Status = Type.Enum(['open', 'requeued', 'discarded'])

export const DeadLetter = named(
  'DeadLetter',
  Type.Object({
    id: Uuid,
    subscription: Type.String(),
    stream: Type.String(),
    streamSequence: Type.Integer(),
    subject: Type.String(),
    eventId: Type.String({ description: 'The ce-id header; empty when the message had none' }),
    status: Type.String({ description: 'open | requeued | discarded' }),
    code: Type.String({ description: 'Stable: message.not-json' }),
    error: Type.String(),
    deliveries: Type.Integer(),
    requeues: Type.Integer(),
    deadAt: Time,
    data: Type.String({ description: 'The payload as text, up to 100,000 bytes of it' }),
    headers: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
    resolution: Type.String({ description: 'Why it was discarded' }),
  }),
)

export const ListDeadLettersQuery = Type.Object(
  { status: Type.Optional(Status), ...pageQuery },
  { additionalProperties: false },
)

export const DiscardBody = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: reasonLength }) },
  { additionalProperties: false },
)

export const Audit = Type.Object({
  ok: Type.Boolean(),
  invariants: Type.Array(
    Type.Object({
      name: Type.String(),
      checked: Type.Integer(),
      violations: Type.Integer(),
      offenders: Type.Array(Type.String(), { description: 'The first few violations' }),
    }),
  ),
})

export function deadLetterBody(letter: Wire<typeof DeadLetterSchema>): Static<typeof DeadLetter> {
  return { ...letter, streamSequence: Number(letter.streamSequence), headers: [...letter.headers] }
}

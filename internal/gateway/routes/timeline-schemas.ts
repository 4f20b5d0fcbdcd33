import { Type, type Static } from 'typebox'
import type {
  GetOrderTimelineResponseSchema,
  OrderWaitSchema,
  TimelineEntrySchema,
} from '../../gen/consumer/v1/consumer_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import { named, Time, Uuid } from '../schemas.ts'

const Detail = Type.Record(Type.String(), Type.String(), {
  description: 'What is known beside: ids, statuses, amounts in minor units, errors',
})

const aboutId = Type.String({ description: 'The id of the order, shipment, payment or whatever it is about' })

export const OrderTimeline = named(
  'OrderTimeline',
  Type.Object({
    orderId: Uuid,
    status: Type.String({ description: "The order's" }),
    waitsFor: Type.Array(
      Type.Object({
        what: Type.String({ description: 'Such as payment, shipment or provider-answers' }),
        since: Time,
        until: Type.Optional({ ...Time, description: 'When it ends by itself' }),
        aboutId,
        detail: Detail,
      }),
      { description: 'The longest first' },
    ),
    entries: Type.Array(
      Type.Object({
        at: Time,
        source: Type.String({
          description: 'order, inventory, payment, provider, broker, delivery, message or staff',
        }),
        what: Type.String({
          description: 'The name of its event where there is one, such as order.confirmed',
        }),
        aboutId,
        detail: Detail,
        requestId: Type.Optional(
          Type.String({ description: 'The x-request-id of the request that brought it about' }),
        ),
        traceparent: Type.Optional(Type.String({ description: 'Its trace, as W3C Trace Context writes it' })),
      }),
      { description: 'Oldest first' },
    ),
    missingEvents: Type.Integer({
      description:
        'Events of the order that were not found: they are not kept any more, or lie far from everything else',
    }),
  }),
)

export const timelineBody = (
  orderId: string,
  { status, waits, entries, missingEvents }: Wire<typeof GetOrderTimelineResponseSchema>,
): Static<typeof OrderTimeline> => ({
  ...{ orderId, status, missingEvents },
  waitsFor: waits.map(waitBody),
  entries: entries.map(entryBody),
})

const waitBody = ({ until, detail, ...rest }: Wire<typeof OrderWaitSchema>) => ({
  ...{ ...rest, detail: detailBody(detail) },
  ...(until === undefined ? {} : { until }),
})

const entryBody = ({ requestId, traceparent, detail, ...rest }: Wire<typeof TimelineEntrySchema>) => ({
  ...{ ...rest, detail: detailBody(detail) },
  ...(requestId === '' ? {} : { requestId }),
  ...(traceparent === '' ? {} : { traceparent }),
})

const detailBody = (detail: Readonly<Record<string, unknown>>): Static<typeof Detail> =>
  Object.fromEntries(Object.entries(detail).map(([name, value]) => [name, String(value)]))

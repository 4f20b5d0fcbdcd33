import type {
  GetOrderTimelineResponseSchema,
  TimelineEntrySchema,
} from '../../gen/consumer/v1/consumer_pb.ts'
import { fitting } from '../../platform/message-size.ts'
import { jsonLength } from '../../platform/text.ts'
import type { Wire } from '../../platform/wire.ts'
import type { OrderTimeline } from '../../timeline/application/order-timeline.ts'

/** The oldest entries that fit into an answer. */
export function timelineJson(timeline: OrderTimeline): Wire<typeof GetOrderTimelineResponseSchema> {
  const entries = timeline.entries.map(({ at, source, what, about, detail, trace }) => ({
    ...{ at: at.toISOString(), source, what, aboutId: about, detail: { ...detail } },
    ...{ requestId: trace?.requestId ?? '', traceparent: trace?.traceparent ?? '' },
  }))
  return {
    status: timeline.status,
    waits: timeline.waits.map(({ what, since, until, about, detail }) => ({
      ...{ what, since: since.toISOString(), until: until?.toISOString() },
      ...{ aboutId: about, detail: { ...detail } },
    })),
    entries: entries.slice(0, fitting(entries, sizeOf)),
    missingEvents: timeline.missingEvents,
  }
}

const sizeOf = ({ detail }: Wire<typeof TimelineEntrySchema>): number =>
  400 + jsonLength(JSON.stringify(detail))

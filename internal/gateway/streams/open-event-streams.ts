import { Gauge, type Registry } from 'prom-client'
import type { NotificationService } from '../../gen/notification/v1/notification_pb.ts'
import type { OrderService } from '../../gen/order/v1/order_pb.ts'
import type { Log } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'
import type { Handlers } from '../../platform/service.ts'
import type { EndedSessions } from '../../platform/callers/ended-sessions.ts'
import { feedStreams, type FeedStreams } from './feed-streams.ts'
import { openStreams, type OpenStream, type StreamTimes, type Viewer } from './open-streams.ts'
import { orderStreams, type OrderStreams } from './order-streams.ts'
import { staffStreams, type StaffStreams } from './staff-streams.ts'
import type { StreamLimits } from './stream-places.ts'

export type EventStreams = {
  readonly open: (viewer: Viewer) => OpenStream
  readonly followFeed: FeedStreams['follow']
  readonly followOrder: OrderStreams['follow']
  readonly followOrders: StaffStreams['follow']
  readonly measure: (registry: Registry) => void
  /** Ends all. Their clients connect again, to another gateway. */
  readonly stop: () => void
}

type Deps = {
  readonly notifications: Handlers<typeof NotificationService>
  readonly orders: Handlers<typeof OrderService>
  readonly ended: EndedSessions
  readonly limits: StreamLimits
  readonly nats: Nats | undefined
  readonly log: Log
  readonly streamTimes?: Partial<StreamTimes>
}

export function openEventStreams({
  notifications,
  orders,
  ended,
  limits,
  nats,
  log,
  streamTimes,
}: Deps): EventStreams {
  const streams = openStreams({ limits, ended, ...(streamTimes ? { times: streamTimes } : {}) })
  const feeds = feedStreams(notifications)
  const lives = orderStreams({ orders, nats, log })
  const lists = staffStreams(nats, log)
  for (const { round } of [feeds, lives, lists]) streams.onRound(round)
  return {
    open: streams.open,
    followFeed: feeds.follow,
    followOrder: lives.follow,
    followOrders: lists.follow,
    stop: streams.stop,
    measure(registry) {
      new Gauge({
        name: 'tillstream_event_streams_open',
        help: 'Streams of events that clients read',
        registers: [registry],
        collect() {
          this.set(streams.count())
        },
      })
    },
  }
}

import type { Readable } from 'node:stream'
import { Type } from 'typebox'
import { endpoint, type Endpoint, type Input } from '../endpoint.ts'
import { IdParams, OrderTokenHeader } from '../schemas.ts'
import type { EventStreams } from '../streams/open-event-streams.ts'
import type { OpenStream } from '../streams/open-streams.ts'
import { eventIdPattern } from '../streams/order-life.ts'

export type StreamDeps = { readonly streams: EventStreams }

const mediaType = 'text/event-stream'

const ServerSentEvents = Type.Unsafe<Readable>({
  type: 'string',
  description: 'Server-sent events (docs/notifications.md)',
})

/** Nginx would keep events until it has a buffer full. A stream's connection is good for nothing else. */
const streamHeaders = { 'x-accel-buffering': 'no', connection: 'close' }

const FeedStreamHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({ format: 'uuid', description: 'The notification that was seen last; absent: from now on' }),
  ),
})

const OrderStreamHeaders = Type.Object({
  ...OrderTokenHeader.properties,
  'last-event-id': Type.Optional(
    Type.String({
      pattern: eventIdPattern,
      description: 'The event that was seen last; absent: from its beginning',
    }),
  ),
})

export function streamRoutes({ streams }: StreamDeps): readonly Endpoint[] {
  const begin = beginning(streams)
  return [
    endpoint({
      method: 'GET',
      path: '/notifications/stream',
      access: 'customer',
      tag: 'notifications',
      id: 'streamNotifications',
      summary: "Follow one's own notifications as they come",
      headers: FeedStreamHeaders,
      isStream: true,
      mediaType,
      status: 200,
      response: ServerSentEvents,
      handle: async ({ headers, ...input }, call, identity) =>
        begin(input, (stream) =>
          streams.followFeed(stream, identity?.userId ?? '', headers['last-event-id'], call),
        ),
    }),
    ...orderStreamRoutes(streams, begin),
  ]
}

type Begin = ReturnType<typeof beginning>

/** When its beginning fails, the place is given back. */
const beginning =
  (streams: EventStreams) =>
  async (
    { viewer }: Pick<Input<unknown, unknown, unknown, unknown>, 'viewer'>,
    begin: (stream: OpenStream) => Promise<void>,
  ) => {
    if (!viewer) throw new Error('an endpoint that answers with a stream is registered as one')
    const stream = streams.open(viewer)
    try {
      await begin(stream)
    } catch (err) {
      stream.end()
      throw err
    }
    return { body: stream.body, headers: streamHeaders }
  }

function orderStreamRoutes(streams: EventStreams, begin: Begin): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/orders/:id/events',
      access: 'buyer',
      permission: 'orders:read',
      tag: 'orders',
      id: 'streamOrder',
      summary: "Follow the life of one's own order, or as an admin of anybody's, from its beginning",
      params: IdParams,
      headers: OrderStreamHeaders,
      isStream: true,
      mediaType,
      status: 200,
      response: ServerSentEvents,
      handle: async ({ params, headers, ...input }, call) =>
        begin(input, (stream) => streams.followOrder(stream, params.id, headers['last-event-id'], call)),
    }),
    endpoint({
      method: 'GET',
      path: '/admin/orders/changes',
      access: 'staff',
      permission: 'orders:read',
      tag: 'orders',
      id: 'streamOrderChanges',
      summary: 'Hear which orders change, to know when a list of orders is old',
      isStream: true,
      mediaType,
      status: 200,
      response: ServerSentEvents,
      handle: async (input) => begin(input, streams.followOrders),
    }),
  ]
}

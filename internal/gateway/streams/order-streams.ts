import type { OrderSchema, OrderService } from '../../gen/order/v1/order_pb.ts'
import type { Call } from '../../platform/call.ts'
import type { Log } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import type { OpenStream } from './open-streams.ts'
import { orderHints } from './order-hints.ts'
import { eventsSince, nothingSeen, seenIn, type Seen } from './order-life.ts'

export type OrderStreams = {
  /** Sends what has happened since, and goes on. Refuses what `getOrder` refuses. */
  readonly follow: (
    stream: OpenStream,
    orderId: string,
    lastEventId: string | undefined,
    call: Call,
  ) => Promise<void>
  readonly round: () => void
}

type Follower = {
  readonly stream: OpenStream
  readonly orderId: string
  readonly call: Call
  seen: Seen
  /** Something has happened of which it was not told. */
  isDue: boolean
  isReading: boolean
  readAt: number
}

/** Also what no event tells, such as a payment that has begun, is seen after so long. */
const lookAgainMs = 5_000
/** All of them together look so often in a second, and those that follow many orders wait longer. */
const looksPerSecond = 100

type Deps = {
  readonly orders: Pick<Handlers<typeof OrderService>, 'getOrder'>
  readonly nats: Nats | undefined
  readonly log: Log
  readonly nowMs?: () => number
}

/**
 * An order is read when an event names it, and now and then besides. So a missed event only makes what it tells later, and
 * nothing is told that is not stored. The gateway hears events only while somebody follows an order.
 */
export function orderStreams({ orders, nats, log, nowMs = Date.now }: Deps): OrderStreams {
  const followers = new Map<string, Set<Follower>>()
  const all = new Set<Follower>()
  const hints = orderHints(nats, log, (orderId) => {
    for (const one of followers.get(orderId) ?? []) one.isDue = true
  })

  function join(follower: Follower): void {
    const { orderId, stream } = follower
    all.add(follower)
    followers.set(orderId, (followers.get(orderId) ?? new Set()).add(follower))
    stream.onEnd(() => {
      all.delete(follower)
      followers.get(orderId)?.delete(follower)
      if (followers.get(orderId)?.size === 0) followers.delete(orderId)
      if (all.size === 0) hints.leave()
    })
  }

  return {
    async follow(stream, orderId, lastEventId, call) {
      const follower = {
        ...{ stream, orderId, call, seen: nothingSeen, isDue: false, isReading: true, readAt: nowMs() },
      }
      join(follower)
      await hints.listen()
      // What happens from here on is heard of.
      const { order } = await orders.getOrder({ id: orderId }, call)
      const before = lastEventId === undefined ? nothingSeen : seenIn(lastEventId, order)
      Object.assign(follower, { seen: tell(stream, order, before), isReading: false })
    },
    round() {
      if (all.size > 0) void hints.listen()
      const oldest = nowMs() - Math.max(lookAgainMs, (all.size * 1_000) / looksPerSecond)
      for (const follower of all) {
        if (follower.isReading || !follower.stream.isReady()) continue
        if (follower.isDue || follower.readAt < oldest) void lookAgain(orders, follower, nowMs())
      }
    },
  }
}

/** Whoever may not see the order any more. All else is over in a moment. */
const hasLost = ({ kind }: Refusal): boolean => ['not-found', 'forbidden', 'unauthenticated'].includes(kind)

async function lookAgain(orders: Deps['orders'], follower: Follower, at: number): Promise<void> {
  const { stream, orderId: id, call } = follower
  Object.assign(follower, { isReading: true, isDue: false, readAt: at })
  try {
    const { order } = await orders.getOrder({ id }, call)
    // What can't be sent now is read again.
    if (stream.isReady()) follower.seen = tell(stream, order, follower.seen)
    else follower.isDue = true
  } catch (err) {
    if (err instanceof Refusal && hasLost(err)) stream.end()
    else follower.isDue = true
  } finally {
    follower.isReading = false
  }
}

function tell(stream: OpenStream, order: Wire<typeof OrderSchema>, before: Seen): Seen {
  const { events, seen } = eventsSince(order, before)
  for (const event of events) stream.send(event)
  return seen
}

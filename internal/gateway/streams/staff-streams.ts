import type { Log } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'
import type { OpenStream } from './open-streams.ts'
import { orderHints } from './order-hints.ts'

export type StaffStreams = {
  /** Tells which orders have changed from now on, so that whoever shows a list of them knows when it is old. */
  readonly follow: (stream: OpenStream) => Promise<void>
  readonly round: () => void
}

type Watcher = { readonly stream: OpenStream; readonly changed: Set<string>; isMore: boolean }

/** A list is asked for as a whole, so the names of more orders would help nobody. */
const mostNamed = 100

/**
 * Hints, and nothing that is stored: what happens while nobody listens or the broker is away is not told later. So each stream
 * begins with an event that says to ask for everything, and clients ask now and then besides.
 */
export function staffStreams(nats: Nats | undefined, log: Log, nowMs: () => number = Date.now): StaffStreams {
  const watchers = new Set<Watcher>()
  let wasAway = false
  const hints = orderHints(nats, log, (orderId) => {
    if (orderId === '') return
    for (const watcher of watchers) {
      if (watcher.changed.size < mostNamed) watcher.changed.add(orderId)
      else if (!watcher.changed.has(orderId)) watcher.isMore = true
    }
  })

  return {
    async follow(stream) {
      const watcher: Watcher = { stream, changed: new Set(), isMore: true }
      watchers.add(watcher)
      stream.onEnd(() => {
        watchers.delete(watcher)
        if (watchers.size === 0) hints.leave()
      })
      await hints.listen()
    },
    round() {
      if (watchers.size > 0) void hints.listen()
      const isAway = nats?.isConnected() === false
      const isBack = wasAway && !isAway
      wasAway = isAway
      for (const watcher of watchers) {
        if (isBack) watcher.isMore = true
        if (watcher.stream.isReady()) tell(watcher, nowMs())
      }
    },
  }
}

function tell(watcher: Watcher, now: number): void {
  const { stream, changed, isMore } = watcher
  if (changed.size === 0 && !isMore) return
  const data = { orderIds: [...changed], isMore, at: new Date(now).toISOString() }
  stream.send({ event: 'orders.changed', data })
  changed.clear()
  watcher.isMore = false
}

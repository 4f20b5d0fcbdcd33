import type { NotificationService } from '../../gen/notification/v1/notification_pb.ts'
import { systemCall, type Call } from '../../platform/call.ts'
import { newId } from '../../platform/new-id.ts'
import type { Handlers } from '../../platform/service.ts'
import { feedEntryBody } from '../routes/notification-schemas.ts'
import type { OpenStream } from './open-streams.ts'

export type FeedStreams = {
  /** Sends what comes after the entry that was seen last, or from now on without one. */
  readonly follow: (
    stream: OpenStream,
    userId: string,
    lastId: string | undefined,
    call: Call,
  ) => Promise<void>
  readonly round: () => void
}

/** The answer for so many, each with as much as one gets at once, is half of what the broker takes in one message. */
const readersAtOnce = 50

type Reader = { readonly userId: string; position: string }

/**
 * Asks for all feeds that are being read here with one question in each round, so that it does not matter which
 * process has written an entry. Their positions are in the order in which entries became visible, so none is missed.
 */
export function feedStreams(
  notifications: Pick<Handlers<typeof NotificationService>, 'findFeedPosition' | 'followFeeds'>,
): FeedStreams {
  const readers = new Map<OpenStream, Reader>()
  let isAsking = false

  async function ask(): Promise<void> {
    const ready = [...readers].filter(([stream]) => stream.isReady())
    for (let from = 0; from < ready.length; from += readersAtOnce)
      await askFor(ready.slice(from, from + readersAtOnce))
  }

  async function askFor(some: readonly (readonly [OpenStream, Reader])[]): Promise<void> {
    const asked = some.map(([, { userId, position }]) => ({ userId, position }))
    const { feeds } = await notifications.followFeeds({ readers: asked }, systemCall(newId()))
    for (const [index, [stream, reader]] of some.entries()) {
      const feed = feeds[index]
      // What can't be sent now is asked for again.
      if (!feed || !stream.isReady()) continue
      for (const entry of feed.entries)
        stream.send({ id: entry.id, event: 'notification', data: feedEntryBody(entry) })
      reader.position = feed.position
    }
  }

  return {
    async follow(stream, userId, lastId, call) {
      const found = await notifications.findFeedPosition({ lastId }, call)
      if (lastId === undefined) stream.mark(found.lastId)
      readers.set(stream, { userId, position: found.position })
      stream.onEnd(() => readers.delete(stream))
    },
    round() {
      if (isAsking) return
      isAsking = true
      // While the service is away or there is too much to do, the next round asks again.
      void ask()
        .catch(() => undefined)
        .finally(() => (isAsking = false))
    },
  }
}

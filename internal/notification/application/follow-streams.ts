import { isWanted } from '../domain/webhook-events.ts'
import type { Endpoints, PublishedEvent, StreamPosition, Webhooks } from './webhook-ports.ts'

/** The streams as they are read for endpoints: in order, each event at least once. */
export type EventStreams = {
  readonly names: readonly { readonly stream: string; readonly subjects: readonly string[] }[]
  readonly look: (stream: string) => Promise<StreamNow>
  /** When the message with this sequence number was stored; empty when there is none. */
  readonly markAt: (stream: string, seq: number) => Promise<string>
  /** The last sequence number before the first event that was stored at `since` or later. */
  readonly before: (stream: string, since: Date) => Promise<number>
  /** What follows on `seq`, up to `last`; `seq` of the answer is up to where it was read. */
  readonly read: (
    stream: string,
    seq: number,
    last: number,
  ) => Promise<{ readonly events: readonly PublishedEvent[]; readonly seq: number; readonly mark: string }>
}

export type StreamNow = {
  readonly incarnation: string
  readonly last: number
  /** When the last message was stored. */
  readonly mark: string
}

export type FollowDeps = {
  readonly streams: EventStreams
  readonly endpoints: Pick<Endpoints, 'list'>
  readonly webhooks: Pick<Webhooks, 'position' | 'begin' | 'forget' | 'advance'>
  readonly now: () => Date
}

/** The clocks of the services and of the broker may differ so much. Endpoints get nothing that happened before them. */
const skewMs = 5_000

/**
 * Reads on in the streams that some endpoint wants, once, and queues what is wanted. Returns how many events were read.
 * Several readers do no harm: the position moves for one of them only.
 */
export function followStreams({ streams, endpoints, webhooks, now }: FollowDeps) {
  let forgotten = ''

  async function begin(
    stream: string,
    incarnation: string,
    since: Date,
  ): Promise<StreamPosition | undefined> {
    const seq = await streams.before(stream, new Date(since.getTime() - skewMs))
    const first = { stream, incarnation, seq, mark: seq === 0 ? '' : await streams.markAt(stream, seq) }
    return (await webhooks.begin(first)) ? first : undefined
  }

  async function follow(stream: string, since: Date): Promise<number> {
    const present = await streams.look(stream)
    const { incarnation, last } = present
    const from = (await webhooks.position(stream)) ?? (await begin(stream, incarnation, since))
    if (!from) return 0
    // A stream that was made anew, or cut back, has old events again; those that were queued before are known by their ids.
    const begun = (await isAsItWas(from, present)) ? from.seq : 0
    if (last <= begun && begun === from.seq) return 0
    const { events, seq, mark } = await streams.read(stream, begun, last)
    const moved = await webhooks.advance(from, { stream, incarnation, seq, mark }, events, now())
    return moved === undefined ? 0 : events.length
  }

  /** An old copy of the broker's store has the same stream with fewer messages, and others may have come since. */
  async function isAsItWas({ stream, incarnation, seq, mark }: StreamPosition, present: StreamNow) {
    if (incarnation !== present.incarnation || seq > present.last) return false
    if (seq === 0 || mark === '') return true
    return mark === (seq === present.last ? present.mark : await streams.markAt(stream, seq))
  }

  async function forget(wanted: readonly string[]): Promise<void> {
    const unwanted = streams.names.flatMap(({ stream }) => (wanted.includes(stream) ? [] : [stream]))
    if (unwanted.join() === forgotten) return
    await webhooks.forget(unwanted)
    forgotten = unwanted.join()
  }

  return async (): Promise<number> => {
    const all = await endpoints.list()
    const wanted = streams.names.flatMap(({ stream, subjects }) => {
      const wanting = all.filter(({ events }) => subjects.some((subject) => isWanted(events, subject)))
      const since = Math.min(...wanting.map(({ wantedSince }) => wantedSince.getTime()))
      return wanting.length === 0 ? [] : [{ stream, since: new Date(since) }]
    })
    await forget(wanted.map(({ stream }) => stream))
    const counts = await Promise.all(wanted.map(({ stream, since }) => follow(stream, since)))
    return counts.reduce((sum, count) => sum + count, 0)
  }
}

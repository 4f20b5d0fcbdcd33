import { outboxLanes } from '../../platform/outbox.ts'
import { familyOf as familyOfStream, streamOf } from '../../platform/streams.ts'
import type { Mailbox } from '../application/mailbox.ts'
import type { SeenStream } from '../domain/broker-stream.ts'
import { messageId } from '../domain/publication.ts'
import { familyOf, type StoredEvent } from '../domain/stored-event.ts'

type Row = {
  event: StoredEvent
  isPublished: boolean
  isParked: boolean
  notBefore: Date | undefined
}

export type InMemoryMailbox = Mailbox & { readonly put: (events: readonly StoredEvent[]) => Promise<void> }

/** An in-memory outbox, in which one operation runs at a time. */
export function inMemoryMailbox(now: () => Date = () => new Date()): InMemoryMailbox {
  const rows: Row[] = []
  const streams = new Map<string, SeenStream>()
  const waits = ({ isPublished, isParked, notBefore }: Row): boolean =>
    !isPublished && (isParked || (notBefore !== undefined && notBefore > now()))
  const open = (): readonly Row[] => rows.filter(({ isPublished }) => !isPublished)
  return {
    async put(events) {
      for (const event of events)
        rows.push({ event, isPublished: false, isParked: false, notBefore: undefined })
    },
    async unpublished(lanes, limit, except = []) {
      const heldBack = new Set(rows.filter(waits).map(({ event }) => event.aggregateId))
      return open()
        .map(({ event }) => event)
        .filter(({ aggregateId }) => lanes.includes(laneOf(aggregateId)) && !heldBack.has(aggregateId))
        .filter((event) => !except.includes(familyOf(event)))
        .sort((a, b) => Number(a.seq - b.seq))
        .slice(0, limit)
    },
    async mark(marks) {
      for (const mark of marks) {
        const row = rows.find(
          ({ event }) => event.seq === mark.event.seq && event.generation === mark.event.generation,
        )
        if (!row) continue
        if (mark.kind === 'published') {
          const name = streamOf(row.event.subject)
          const seen = streams.get(name)
          if (!seen) continue
          Object.assign(row, { isPublished: true, notBefore: undefined })
          const lastSeq = BigInt(mark.streamSeq)
          if (lastSeq > seen.lastSeq)
            streams.set(name, { ...seen, lastSeq, lastMessageId: messageId(mark.event) })
          continue
        }
        row.event = { ...row.event, attempts: mark.attempts }
        row.notBefore = mark.kind === 'retry' ? mark.notBefore : undefined
        row.isParked = mark.kind === 'parked'
      }
    },
    seenStreams: async () => new Map(streams),
    async rememberStream(name, stream) {
      if (!streams.has(name)) streams.set(name, { ...stream, epoch: 1, lastMessageId: '' })
    },
    async openEpoch(name, seen, stream) {
      if (streams.get(name)?.epoch !== seen.epoch) return false
      streams.set(name, { ...stream, epoch: seen.epoch + 1, lastMessageId: '' })
      for (const row of rows) {
        if (familyOf(row.event) !== familyOfStream(name)) continue
        const event = { ...row.event, generation: seen.epoch, attempts: 0 }
        Object.assign(row, { event, isPublished: false, isParked: false, notBefore: undefined })
      }
      return true
    },
    async depth() {
      const ages = open().map(({ event }) => (now().getTime() - event.occurredAt.getTime()) / 1_000)
      return {
        unpublished: open().length,
        parked: open().filter(({ isParked }) => isParked).length,
        oldestAgeSeconds: Math.max(0, ...ages),
      }
    },
  }
}

const laneOf = (aggregateId: string): number => Number.parseInt(aggregateId.slice(-2), 16) % outboxLanes

import { jetstreamManager, type StoredMsg } from '@nats-io/jetstream'
import { insist } from '../../../platform/insist.ts'
import type { Nats } from '../../../platform/nats.ts'
import { streamOf } from '../../../platform/streams.ts'
import { isUuid } from '../../../platform/uuid.ts'
import type { EventStreams } from '../../application/follow-streams.ts'
import type { PublishedEvent } from '../../application/webhook-ports.ts'

/** So many are asked for together, and queued together. */
const atOnce = 200

/**
 * Reads streams by sequence number from whoever leads them. There is no durable at the broker: the position is stored with
 * what was queued, and nothing is asked for while no endpoint wants anything.
 */
export function natsEventStreams(nats: Nats, subjects: readonly string[]): EventStreams {
  const manager = () => jetstreamManager(nats.connection, { checkAPI: false })
  const messageAt = async (stream: string, seq: number): Promise<StoredMsg | null> =>
    insist(async () => (await manager()).streams.getMessage(stream, { seq }))

  return {
    names: streamsOf(subjects),
    async look(stream) {
      const { created, state } = await insist(async () => (await manager()).streams.info(stream))
      return { incarnation: created, last: state.last_seq, mark: markOf(new Date(state.last_ts)) }
    },
    markAt: async (stream, seq) => markIn(await messageAt(stream, seq)),
    async before(stream, since) {
      const { state } = await insist(async () => (await manager()).streams.info(stream))
      // A stream that never had a message has 0 for both, and nobody can be asked for that place.
      let [low, high] = [Math.max(1, state.first_seq), state.last_seq + 1]
      // The first one that is not older; a hole counts as older, which only begins earlier or at the next.
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        const message = await messageAt(stream, middle)
        if (message && message.time >= since) high = middle
        else low = middle + 1
      }
      return low - 1
    },
    async read(stream, seq, last) {
      const { state } = await insist(async () => (await manager()).streams.info(stream))
      const first = Math.max(seq + 1, state.first_seq)
      const end = Math.min(first + atOnce - 1, last)
      if (first > end) return { events: [], seq: Math.max(seq, end), mark: '' }
      const asked = Array.from({ length: end - first + 1 }, (_, index) => messageAt(stream, first + index))
      const messages = await Promise.all(asked)
      const mark = markIn(messages.at(-1) ?? null)
      return { events: messages.flatMap((message) => (message ? eventOf(message) : [])), seq: end, mark }
    },
  }
}

const markOf = (time: Date): string => (Number.isNaN(time.getTime()) ? '' : time.toISOString())
const markIn = (message: StoredMsg | null): string => (message ? markOf(message.time) : '')

/** Each stream with those of the subjects that it has. */
export const streamsOf = (subjects: readonly string[]): EventStreams['names'] =>
  [...new Set(subjects.map(streamOf))].map((stream) => ({
    stream,
    subjects: subjects.filter((subject) => streamOf(subject) === stream),
  }))

type StoredMessage = Pick<StoredMsg, 'subject' | 'data'> & {
  readonly header: Pick<StoredMsg['header'], 'get'>
}

/** What has no envelope of ours was published by somebody else, and goes to nobody. */
export function eventOf({ header, subject, data }: StoredMessage): readonly PublishedEvent[] {
  const [id, aggregateId] = [header.get('ce-id'), header.get('ce-subject')]
  const occurredAt = new Date(header.get('ce-time'))
  const text = Buffer.from(data).toString('utf8')
  if (!isUuid(id) || aggregateId === '' || Number.isNaN(occurredAt.getTime()) || !isObject(text)) return []
  return [{ id, subject, aggregateId, occurredAt, data: text }]
}

function isObject(text: string): boolean {
  // PostgreSQL stores no NUL, and JSON has none.
  if (!text.startsWith('{') || text.includes('\0')) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

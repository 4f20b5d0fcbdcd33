import { maxOffenders, type Invariant } from './invariant.ts'

/** The outbox rows of one stream: those whose subject begins with the same word. */
type OneStream = {
  /** When each happened, in milliseconds since 1970, by the event's id. */
  readonly published: ReadonlyMap<string, number>
  /** May be in the stream already: it is marked after the broker has acknowledged it. */
  readonly unpublished: ReadonlySet<string>
}

/** By the first word of the subjects. */
export type OutboxEvents = ReadonlyMap<string, OneStream>

/** The events of several databases. Most streams get theirs from one, and those are not copied. */
export function joinOutboxes(outboxes: readonly OutboxEvents[]): OutboxEvents {
  const joined = new Map<string, OneStream>()
  for (const [family, more] of outboxes.flatMap((outbox) => [...outbox])) {
    const known = joined.get(family)
    joined.set(family, known ? joinEvents(known, more) : more)
  }
  return joined
}

function joinEvents(one: OneStream, other: OneStream): OneStream {
  return {
    published: new Map([...one.published, ...other.published]),
    unpublished: new Set([...one.unpublished, ...other.unpublished]),
  }
}

/** A stream as the broker has it. */
export type StoredStream = {
  readonly name: string
  /** The first word of its subjects. */
  readonly family: string
  readonly exists: boolean
  /** Messages of events before then may have expired. */
  readonly expiredBeforeMs: number
  /** The sequence of each ce-id's last message. */
  readonly events: ReadonlyMap<string, number>
  /** Sequences of messages without a ce-id. */
  readonly nameless: readonly number[]
}

/** The last sequence of each stream, by its name. */
export type StreamMarks = ReadonlyMap<string, number>

/**
 * What the outbox calls published is in its stream. The reverse is told, not judged: anybody with access to the
 * broker can publish, and whatever they publish must do no harm.
 */
export function judgeStreams(
  events: OutboxEvents,
  streams: readonly StoredStream[],
  marks: StreamMarks,
): readonly Invariant[] {
  return [judgePresence(events, streams), countForeign(events, streams, marks)]
}

function judgePresence(events: OutboxEvents, streams: readonly StoredStream[]): Invariant {
  let checked = 0
  const missing: string[] = []
  for (const [family, { published }] of events) {
    const stream = streams.find((candidate) => candidate.family === family)
    const where = stream
      ? `${stream.name}${stream.exists ? '' : ', which does not exist'}`
      : `a stream for ${family}.>`
    for (const [id, occurredAtMs] of published) {
      if (stream && occurredAtMs < stream.expiredBeforeMs) continue
      checked++
      if (!stream?.events.has(id)) missing.push(`event ${id} is marked as published, but is not in ${where}`)
    }
  }
  const offenders = missing.slice(0, maxOffenders)
  return { name: 'events-in-streams', checked, violations: missing.length, offenders }
}

/** Only up to the mark: what came later may be younger than the snapshot. */
function countForeign(events: OutboxEvents, streams: readonly StoredStream[], marks: StreamMarks): Invariant {
  let checked = 0
  const remarks = streams.flatMap(({ name, family, events: stored, nameless }) => {
    checked += stored.size + nameless.length
    const known = events.get(family)
    const foreign = [...stored].flatMap(([id, sequence]) =>
      known?.published.has(id) || known?.unpublished.has(id) ? [] : [sequence],
    )
    const sequences = [...foreign, ...nameless].filter((sequence) => sequence <= (marks.get(name) ?? 0))
    const first = sequences.reduce((least, sequence) => Math.min(least, sequence), Infinity)
    return sequences.length === 0
      ? []
      : [`${name} holds ${sequences.length} that no service sent, the first at ${first}`]
  })
  return { name: 'foreign-messages', checked, violations: 0, offenders: remarks }
}

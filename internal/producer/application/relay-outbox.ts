import { markOf, type Mark } from '../domain/publication.ts'
import { familyOf, wavesOf } from '../domain/stored-event.ts'
import type { Broker } from './broker.ts'
import type { Mailbox } from './mailbox.ts'

/** Large enough to keep the publisher's window full, small enough to be marked in one statement. */
export const relayBatch = 500

export type Relayed = {
  readonly found: number
  readonly published: number
  /** The reason when the broker cannot take some events at the moment. */
  readonly backPressure: string | undefined
  /** The families of these events. Their stream is full, missing or without a leader, or the whole broker is away. */
  readonly stuck: readonly string[]
}

type Deps = { readonly mailbox: Mailbox; readonly broker: Broker; readonly now: () => Date }

/**
 * Publishes the events of these lanes and marks each one that the broker has stored. After a crash in between they are
 * published again under the same message ids. There is no watermark: an event that commits late is simply still
 * unpublished. The families in `except` are skipped, so that a stream that is full does not hold up the others.
 */
export function relayOutbox({ mailbox, broker, now }: Deps) {
  return async (lanes: readonly number[], except: readonly string[] = []): Promise<Relayed> => {
    const events = await mailbox.unpublished(lanes, relayBatch, except)
    const marks: Mark[] = []
    const heldBack = new Set<string>()
    const stuck = new Set<string>()
    let backPressure: string | undefined
    for (const wave of wavesOf(events)) {
      const allowed = wave.filter((event) => !heldBack.has(event.aggregate) && !stuck.has(familyOf(event)))
      const answers = await broker.publish(allowed)
      allowed.forEach((event, index) => {
        const answer = answers[index] ?? { kind: 'later' as const, reason: 'no answer' }
        const mark = markOf(event, answer, now())
        if (mark) marks.push(mark)
        if (answer.kind !== 'stored') heldBack.add(event.aggregate)
        if (answer.kind !== 'later') return
        backPressure = answer.reason
        stuck.add(familyOf(event))
      })
    }
    if (marks.length > 0) await mailbox.mark(marks)
    return {
      found: events.length,
      published: marks.filter(({ kind }) => kind === 'published').length,
      backPressure,
      stuck: [...stuck],
    }
  }
}

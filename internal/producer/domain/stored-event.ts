import type { Brand } from '../../platform/brand.ts'

/** The outbox's own order; within one aggregate it is the order of the commits. */
export type Seq = Brand<bigint, 'Seq'>

/** An event in the outbox of which it is not known yet whether it is in its stream. */
export type StoredEvent = {
  readonly seq: Seq
  readonly id: string
  /** The aggregate's type and id. The events of one aggregate are published in their order. */
  readonly aggregate: string
  readonly aggregateId: string
  readonly aggregateVersion: number
  readonly subject: string
  readonly type: string
  /** JSON. */
  readonly data: string
  readonly correlationId: string
  readonly causationId: string
  readonly traceparent: string
  readonly occurredAt: Date
  /** How many times the broker has lost the event so that it is published again. */
  readonly generation: number
  /** How many times the broker has refused the event. */
  readonly attempts: number
}

/** The first word of the subject: each family of events has a stream of its own. */
export const familyOf = ({ subject }: Pick<StoredEvent, 'subject'>): string => subject.split('.', 1)[0] ?? ''

/**
 * The first event of each aggregate, then the second of each, and so on. The events of one wave may be published at
 * once.
 */
export function wavesOf(events: readonly StoredEvent[]): readonly (readonly StoredEvent[])[] {
  const waves: StoredEvent[][] = []
  const nextWave = new Map<string, number>()
  for (const event of events) {
    const wave = nextWave.get(event.aggregate) ?? 0
    nextWave.set(event.aggregate, wave + 1)
    const members = (waves[wave] ??= [])
    members.push(event)
  }
  return waves
}

import type { Invariant } from '../domain/invariant.ts'
import {
  judgeHistories,
  judgeSettlements,
  type OrderHistories,
  type Settlements,
} from '../domain/judge-orders.ts'
import {
  judgeStreams,
  type OutboxEvents,
  type StoredStream,
  type StreamMarks,
} from '../domain/judge-streams.ts'

/** All that is stored, as it was at one moment: a running system gives no false alarm. */
export type Snapshot = {
  /** The rules that the database can judge by itself. */
  readonly invariants: () => Promise<readonly Invariant[]>
  readonly orderHistories: () => Promise<readonly OrderHistories[]>
  readonly settlements: () => Promise<readonly Settlements[]>
  readonly outboxEvents: () => Promise<OutboxEvents>
}

/** The broker's side. The marks are taken before the snapshot: what is stored up to there, the snapshot must know. */
export type Streams = {
  readonly marks: () => Promise<StreamMarks>
  readonly read: () => Promise<readonly StoredStream[]>
}

type Deps = {
  /** Absent: what the streams hold is not judged. */
  readonly streams: Streams | undefined
  readonly withSnapshot: <Result>(look: (snapshot: Snapshot) => Promise<Result>) => Promise<Result>
}

/** The invariants of the design over all that is stored. Reads only; safe while everything runs. */
export function auditInvariants({ streams, withSnapshot }: Deps) {
  return async (): Promise<readonly Invariant[]> => {
    const marks = await streams?.marks()
    const { invariants, events } = await withSnapshot(async (snapshot) => ({
      invariants: [
        judgeHistories(await snapshot.orderHistories()),
        judgeSettlements(await snapshot.settlements()),
        ...(await snapshot.invariants()),
      ],
      events: streams && (await snapshot.outboxEvents()),
    }))
    const stored = await streams?.read()
    const judged = marks && events && stored ? judgeStreams(events, stored, marks) : streamsNotJudged
    return [...invariants, ...judged]
  }
}

const streamsNotJudged: readonly Invariant[] = ['events-in-streams', 'foreign-messages'].map((name) => ({
  name,
  checked: 0,
  violations: 0,
  offenders: ['skipped: no NATS server was given'],
}))

import { listed } from '../domain/databases.ts'
import { joinByName, notJudged, type Invariant } from '../domain/invariant.ts'
import {
  joinOutboxes,
  judgeStreams,
  type OutboxEvents,
  type StoredStream,
  type StreamMarks,
} from '../domain/judge-streams.ts'

/** A check of one or more rules. It runs in each database that has the schemas of all services that it needs. */
export type Check = {
  readonly names: readonly string[]
  /** None: it reads the outbox only, which every database has. */
  readonly needs: readonly string[]
  /** What is compared with what, for the reader of an audit that could not do it. */
  readonly compares?: string
}

/** One database as it was at one moment, so that a running system gives no false alarm. */
export type Snapshot<OneCheck extends Check> = {
  /** Whose schemas are in it. */
  readonly services: readonly string[]
  readonly judge: (check: OneCheck) => Promise<readonly Invariant[]>
  readonly outboxEvents: () => Promise<OutboxEvents>
}

/** The broker's side. The marks are taken before the snapshots: what is stored up to there, the snapshots must know. */
export type Streams = {
  readonly marks: () => Promise<StreamMarks>
  readonly read: () => Promise<readonly StoredStream[]>
}

type Deps<OneCheck extends Check> = {
  readonly checks: readonly OneCheck[]
  /** Absent: what the streams hold is not judged. */
  readonly streams: Streams | undefined
  /** One snapshot of each database. All of them are taken before `look` is called. */
  readonly withSnapshots: <Result>(
    look: (snapshots: readonly Snapshot<OneCheck>[]) => Promise<Result>,
  ) => Promise<Result>
}

/** The invariants of the design over all that is stored. Reads only; safe while everything runs. */
export function auditInvariants<OneCheck extends Check>({ checks, streams, withSnapshots }: Deps<OneCheck>) {
  return async (): Promise<readonly Invariant[]> => {
    const marks = await streams?.marks()
    const { invariants, outboxes } = await withSnapshots(async (snapshots) => {
      const found: Invariant[] = []
      for (const check of checks) found.push(...(await judgeWherePossible(check, snapshots)))
      return { invariants: joinByName(found), outboxes: streams && (await readOutboxes(snapshots)) }
    })
    const stored = await streams?.read()
    const judged =
      marks && outboxes && stored ? judgeStreams(joinOutboxes(outboxes), stored, marks) : streamsNotJudged
    return [...invariants, ...judged]
  }
}

/**
 * Two databases have no common moment, so what was read from one is never compared with what was read from the other:
 * a check whose services lie apart is told as not judged.
 */
async function judgeWherePossible<OneCheck extends Check>(
  check: OneCheck,
  snapshots: readonly Snapshot<OneCheck>[],
): Promise<readonly Invariant[]> {
  const able = snapshots.filter(({ services }) => check.needs.every((service) => services.includes(service)))
  if (able.length === 0) return check.names.map((name) => notJudged(name, whyNot(check)))
  const found: Invariant[] = []
  for (const snapshot of able) {
    const judged = await snapshot.judge(check)
    found.push(...(able.length === 1 ? judged : judged.map((invariant) => located(invariant, snapshot))))
  }
  return found
}

function whyNot({ needs, compares }: Check): string {
  const apart = `${listed(needs)} are not in one database`
  return compares === undefined ? apart : `${compares}, because ${apart}`
}

/** The same rule was judged in several databases, so each offender says where it is. */
function located(invariant: Invariant, { services }: { readonly services: readonly string[] }): Invariant {
  const where = ` (in the database of ${listed(services)})`
  return { ...invariant, offenders: invariant.offenders.map((offender) => offender + where) }
}

async function readOutboxes(
  snapshots: readonly { readonly outboxEvents: () => Promise<OutboxEvents> }[],
): Promise<readonly OutboxEvents[]> {
  const outboxes: OutboxEvents[] = []
  for (const { outboxEvents } of snapshots) outboxes.push(await outboxEvents())
  return outboxes
}

const streamsNotJudged: readonly Invariant[] = ['events-in-streams', 'foreign-messages'].map((name) =>
  notJudged(name, 'no NATS server was given'),
)

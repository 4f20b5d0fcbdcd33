import type { Entry } from './history.ts'
import type { Sample } from './recovery.ts'
import type { FaultRun } from './run-faults.ts'

/** What happened when, in seconds since the first request. */
export type Course = {
  /** From the first request to whatever came last. */
  readonly seconds: number
  readonly answered: readonly {
    readonly second: number
    /** 2xx, 4xx, and no answer or one of an outage. */
    readonly done: number
    readonly refused: number
    readonly failed: number
  }[]
  /** The age in seconds of the oldest order that was not decided; undefined while the database did not answer. */
  readonly pending: readonly (readonly [second: number, age: number | undefined])[]
  readonly faults: readonly { readonly name: string; readonly from: number; readonly to: number }[]
}

export function courseOf(
  history: readonly Entry[],
  samples: readonly Sample[],
  runs: readonly FaultRun[],
): Course {
  const times = history.flatMap((entry) => (entry.t === 'asked' || entry.t === 'told' ? [entry.at] : []))
  const beganAt = times.reduce((first, at) => Math.min(first, at), Infinity)
  const since = (at: number): number => (at - beganAt) / 1_000
  const told = history.flatMap((entry) => (entry.t === 'told' ? [entry] : []))
  const lastAnswer = told.reduce((last, { at }) => Math.max(last, since(at)), -1)
  const answered = Array.from({ length: Math.floor(lastAnswer) + 1 }, (_, second) => ({
    second,
    done: 0,
    refused: 0,
    failed: 0,
  }))
  for (const { at, status } of told) {
    const counts = answered[Math.floor(since(at))]
    if (!counts) continue
    if (status >= 200 && status < 400) counts.done++
    else if (status >= 400 && status < 500) counts.refused++
    else counts.failed++
  }
  const ends = [...samples.map(({ at }) => at), ...runs.map(({ endedAt }) => endedAt)].map(since)
  return {
    seconds: Number.isFinite(beganAt) ? ends.reduce((last, end) => Math.max(last, end), lastAnswer) : 0,
    answered,
    pending: samples
      .filter(({ at }) => at >= beganAt)
      .map(({ at, oldestMs }) => [since(at), oldestMs === undefined ? undefined : oldestMs / 1_000]),
    faults: runs
      .filter(({ isExercised }) => isExercised)
      .map(({ kind, beganAt: from, endedAt }) => ({ name: kind, from: since(from), to: since(endedAt) })),
  }
}

import type { Entry, Part, Wait } from './entry.ts'

export type Timeline = {
  /** Oldest first. */
  readonly entries: readonly Entry[]
  /** The longest first. */
  readonly waits: readonly Wait[]
}

/** Clocks of two processes may differ by as much, and so an event and the row that tells the same. */
const sameMomentMs = 1_000

/** What all services know of an order, in the order of time. An event tells its trace to the row that it was stored with. */
export function timelineOf(parts: readonly Part[]): Timeline {
  const all = parts.flatMap(({ entries }) => entries)
  const events = new Map<string, Entry[]>()
  for (const each of all) if (each.source === 'broker') listOf(events, nameOf(each)).push(each)
  const rows = all.filter(({ source }) => source !== 'broker').map((row) => withEvent(row, events))
  const left = [...events.values()].flat()
  return {
    entries: [...rows, ...left].sort((a, b) => a.at.getTime() - b.at.getTime()),
    waits: parts.flatMap(({ waits }) => waits).sort((a, b) => a.since.getTime() - b.since.getTime()),
  }
}

function withEvent(row: Entry, events: ReadonlyMap<string, Entry[]>): Entry {
  const candidates = events.get(nameOf(row)) ?? []
  const index = candidates.findIndex(({ at }) => Math.abs(at.getTime() - row.at.getTime()) <= sameMomentMs)
  const [event] = index === -1 ? [] : candidates.splice(index, 1)
  return event ? { ...row, detail: { ...row.detail, ...event.detail }, trace: event.trace } : row
}

/** Events of money are those of the order's account, whatever payment they tell of. */
const nameOf = ({ what, about }: Entry): string =>
  what.startsWith('payment.') || what.startsWith('refund.') ? what : `${what} ${about}`

function listOf(lists: Map<string, Entry[]>, name: string): Entry[] {
  const list = lists.get(name) ?? []
  lists.set(name, list)
  return list
}

export type Window = { readonly from: Date; readonly to: Date }

/** Spans of time around moments, as few as there can be: events are looked up by them, because they have no other index. */
export function windowsAround(moments: readonly Date[], marginMs: number): readonly Window[] {
  const times = moments.map((moment) => moment.getTime()).sort((a, b) => a - b)
  const spans: { from: number; to: number }[] = []
  for (const time of times) {
    const last = spans.at(-1)
    if (last && time - marginMs <= last.to) last.to = time + marginMs
    else spans.push({ from: time - marginMs, to: time + marginMs })
  }
  return spans.map(({ from, to }) => ({ from: new Date(from), to: new Date(to) }))
}

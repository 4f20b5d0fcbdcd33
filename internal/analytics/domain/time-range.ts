import { Refusal } from '../../platform/refusal.ts'

/** Whole hours, from the beginning of the first to the end of the last. */
export type TimeRange = { readonly from: Date; readonly to: Date }

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const usualDays = 30
/** More than a page can show; an hour has a figure of its own. */
const mostDays = { hour: 62, day: 1_100, product: 1_100, category: 1_100 } as const

/** RFC 3339, or a date, which means its beginning as `from` and its end as `to`. Empty: the last 30 days. */
export function parseRange(
  asked: { readonly from: string; readonly to: string },
  by: keyof typeof mostDays,
  now: Date,
): TimeRange {
  const toMs = asked.to === '' ? now.getTime() : timeIn(asked.to, 'to', dayMs)
  const to = Math.ceil(toMs / hourMs) * hourMs
  const fromMs = asked.from === '' ? dayOf(to - 1) - (usualDays - 1) * dayMs : timeIn(asked.from, 'from', 0)
  const from = Math.floor(fromMs / hourMs) * hourMs
  if (from >= to) throw new Refusal('invalid', 'analytics.from-after-to', 'from must be before to')
  if (to - from > mostDays[by] * dayMs) {
    const text = `by ${by}, at most ${mostDays[by]} days can be asked for at once`
    throw new Refusal('invalid', 'analytics.range-too-long', text)
  }
  return { from: new Date(from), to: new Date(to) }
}

const dayOf = (ms: number): number => Math.floor(ms / dayMs) * dayMs

const date = /^\d{4}-\d{2}-\d{2}$/
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i

function timeIn(text: string, name: string, ofDateMs: number): number {
  const isDate = date.test(text)
  const ms = isDate || moment.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms))
    throw new Refusal('invalid', 'analytics.invalid-time', `${name} must be a date or a time as of RFC 3339`)
  return isDate ? ms + ofDateMs : ms
}

/** The keys of all hours or days that the range touches, in order. */
export function keysOf({ from, to }: TimeRange, by: 'hour' | 'day'): readonly string[] {
  const stepMs = by === 'hour' ? hourMs : dayMs
  const keys: string[] = []
  const first = Math.floor(from.getTime() / stepMs) * stepMs
  for (let ms = first; ms < to.getTime(); ms += stepMs) keys.push(keyOf(new Date(ms), by))
  return keys
}

/** As the API writes it: 2026-11-30T22:00:00Z, 2026-11-30. */
export const keyOf = (at: Date, by: 'hour' | 'day'): string =>
  by === 'hour' ? `${at.toISOString().slice(0, 13)}:00:00Z` : at.toISOString().slice(0, 10)

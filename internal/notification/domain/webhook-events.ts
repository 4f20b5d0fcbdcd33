import { Refusal } from '../../platform/refusal.ts'

/** Subjects that are sent to endpoints which ask for them by their exact names only: they are about people and staff. */
const byNameOnly = [/^activity\./, /^dead_letter\./, /^notification\./, /^session\./, /^user\..*_requested$/]

const isOffered = (subject: string): boolean => !byNameOnly.some((pattern) => pattern.test(subject))

export const familyOf = (subject: string): string => subject.slice(0, subject.indexOf('.'))

/** What an endpoint may have asked for to get this event. */
export const patternsOf = (subject: string): readonly string[] =>
  isOffered(subject) ? [subject, `${familyOf(subject)}.*`, '*'] : [subject]

export const isWanted = (events: readonly string[], subject: string): boolean =>
  patternsOf(subject).some((pattern) => events.includes(pattern))

/** The most that one endpoint may name. */
const mostEvents = 50

/** Each once. Refuses what would never come. */
export function parseEvents(events: readonly string[], published: readonly string[]): readonly string[] {
  const known = new Set(published.flatMap(patternsOf))
  const unknown = events.find((each) => !known.has(each))
  if (unknown !== undefined)
    throw new Refusal('invalid', 'webhook.unknown-event', `there is no event ${unknown.slice(0, 80)}`)
  const parsed = [...new Set(events)]
  if (parsed.length > 0 && parsed.length <= mostEvents) return parsed
  throw new Refusal('invalid', 'webhook.unknown-event', `name one to ${mostEvents} events`)
}

import type { Delivered } from '../../platform/reaction.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { News } from '../domain/news.ts'

/** Which event it is, and when its id was made. */
export function originOf({ trace }: Delivered): Pick<News, 'eventId' | 'at' | 'trace'> {
  const eventId = parseUuid(trace.causationId, 'message.invalid-event', "an event's id")
  return { eventId, at: timeOf(eventId), trace }
}

/** Ids are UUIDv7, which begin with their time. */
const timeOf = (eventId: string): Date =>
  eventId[14] === '7' ? new Date(Number.parseInt(eventId.replace('-', '').slice(0, 12), 16)) : new Date()

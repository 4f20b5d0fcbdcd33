import type { Delivered } from '../../platform/reaction.ts'
import { parseUuid, timeOfUuid } from '../../platform/uuid.ts'
import type { News } from '../domain/news.ts'

/** Which event it is, and when its id was made. */
export function originOf({ trace }: Delivered): Pick<News, 'eventId' | 'at' | 'trace'> {
  const eventId = parseUuid(trace.causationId, 'message.invalid-event', "an event's id")
  return { eventId, at: timeOfUuid(eventId) ?? new Date(), trace }
}

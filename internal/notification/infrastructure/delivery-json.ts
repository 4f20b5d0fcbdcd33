import type {
  DeliverySchema,
  FeedEntrySchema,
  PreferencesSchema,
} from '../../gen/notification/v1/notification_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Links } from '../domain/catalogue/catalogue.ts'
import { catalogues } from '../domain/catalogue/catalogues.ts'
import type { Delivery } from '../domain/delivery.ts'
import { orderNumber } from '../domain/facts.ts'
import { isKind } from '../domain/kinds.ts'
import type { Language } from '../domain/language.ts'
import { showPreferences, type Preferences } from '../domain/preferences.ts'

export const deliveryJson = (delivery: Delivery): Wire<typeof DeliverySchema> => ({
  ...{ id: delivery.id, eventId: delivery.eventId, kind: delivery.kind, channel: delivery.channel },
  ...{ recipientType: delivery.recipient.type, recipientId: delivery.recipient.id },
  ...{ status: delivery.status, attempts: delivery.attempts, failure: delivery.failure },
  ...{ createdAt: delivery.createdAt.toISOString(), updatedAt: delivery.updatedAt.toISOString() },
})

/** The words are made when somebody reads them, in the language that the reader has chosen by then. */
export function feedEntryJson(
  { id, kind, refs, createdAt, readAt }: Delivery,
  language: Language,
  links: Links,
): Wire<typeof FeedEntrySchema> {
  const { orderId = '' } = refs
  const write = isKind(kind) ? catalogues[language].feed[kind] : undefined
  const { title, text } = write?.(orderNumber(orderId)) ?? { title: kind, text: '' }
  return {
    ...{ id, kind, title, text, orderId },
    url: orderId === '' ? links.cart : links.order(orderId),
    ...{ createdAt: createdAt.toISOString(), readAt: readAt?.toISOString() ?? '' },
  }
}

export const preferencesJson = (preferences: Preferences): Wire<typeof PreferencesSchema> => ({
  language: preferences.language ?? '',
  preferences: showPreferences(preferences).map(({ kind, channel, enabled, fixed }) => {
    return { kind, channel, enabled, fixed }
  }),
})

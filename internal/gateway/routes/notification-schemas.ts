import { Type, type Static } from 'typebox'
import type {
  DeliverySchema,
  FeedEntrySchema,
  PreferencesSchema,
} from '../../gen/notification/v1/notification_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import { named, pageOf, pageQuery, Time, Uuid } from '../schemas.ts'

const Channel = Type.Enum(['email', 'feed', 'sms'])
/** By which customers or staff are told. */
const AnyChannel = Type.Enum(['email', 'feed', 'sms', 'slack'])

export const FeedEntry = named(
  'Notification',
  Type.Object({
    id: Uuid,
    kind: Type.String({ description: 'Such as order.shipped' }),
    title: Type.String({ description: 'In the language that the reader has chosen' }),
    text: Type.String(),
    url: Type.String({ description: 'A page of the shop (SHOP_URL)' }),
    orderId: Type.Optional(Uuid),
    createdAt: Time,
    readAt: Type.Optional(Time),
  }),
)

export const FeedQuery = Type.Object(
  { unread: Type.Optional(Type.Boolean({ description: 'Only what is unread' })), ...pageQuery },
  { additionalProperties: false },
)

export const FeedPage = Type.Object({
  ...pageOf(FeedEntry).properties,
  unread: Type.Integer({ description: 'How many are unread, up to 1000' }),
})

export function feedEntryBody(entry: Wire<typeof FeedEntrySchema>): Static<typeof FeedEntry> {
  const { id, kind, title, text, url, orderId, createdAt, readAt } = entry
  return {
    ...{ id, kind, title, text, url, createdAt },
    ...(orderId === '' ? {} : { orderId }),
    ...(readAt === '' ? {} : { readAt }),
  }
}

/** More than there are kinds and channels. */
const mostPreferences = 100

export const Preferences = named(
  'NotificationPreferences',
  Type.Object({
    language: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'en or de; null: that of the shop',
    }),
    preferences: Type.Array(
      Type.Object({
        kind: Type.String(),
        channel: Channel,
        enabled: Type.Boolean(),
        fixed: Type.Boolean({ description: 'It belongs to an order or an account: it is always on' }),
      }),
    ),
  }),
)

export const PreferencesBody = Type.Object(
  {
    language: Type.Optional(
      Type.Unsafe<'en' | 'de' | null>({ type: ['string', 'null'], enum: ['en', 'de', null] }),
    ),
    preferences: Type.Optional(
      Type.Array(
        Type.Object(
          {
            kind: Type.String({ maxLength: 64 }),
            channel: Channel,
            enabled: Type.Boolean(),
            fixed: Type.Optional(
              Type.Boolean({ description: 'Ignored, so that an answer can be sent back' }),
            ),
          },
          { additionalProperties: false },
        ),
        { maxItems: mostPreferences, description: 'Those that are not named stay as they are' },
      ),
    ),
  },
  { additionalProperties: false },
)

export const preferencesBody = ({
  language,
  preferences,
}: Wire<typeof PreferencesSchema>): Static<typeof Preferences> => ({
  language: language || null,
  preferences: preferences.map(({ kind, channel, enabled, fixed }) => {
    return { kind, channel: channelOf(channel), enabled, fixed }
  }),
})

export const Delivery = named(
  'Delivery',
  Type.Object({
    id: Uuid,
    eventId: Uuid,
    kind: Type.String(),
    channel: AnyChannel,
    userId: Type.Optional(Uuid),
    orderId: Type.Optional({
      ...Uuid,
      description: "It goes to this order's buyer. With neither, it goes to those who run the shop",
    }),
    status: Type.String({ description: 'queued | sending | sent | failed | unknown | skipped' }),
    attempts: Type.Integer(),
    failure: Type.Optional(Type.String({ description: 'Such as smtp-550' })),
    createdAt: Time,
    updatedAt: Time,
  }),
)

export const DeliveriesQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum(['queued', 'sending', 'sent', 'failed', 'unknown', 'skipped'])),
    channel: Type.Optional(AnyChannel),
    ...pageQuery,
  },
  { additionalProperties: false },
)

export function deliveryBody(delivery: Wire<typeof DeliverySchema>): Static<typeof Delivery> {
  const { id, eventId, kind, channel, recipientType, recipientId, status, attempts, failure } = delivery
  return {
    ...{ id, eventId, kind, channel: anyChannelOf(channel), status, attempts },
    ...(recipientType === 'order' ? { orderId: recipientId } : {}),
    ...(recipientType === 'user' ? { userId: recipientId } : {}),
    ...(failure === '' ? {} : { failure }),
    ...{ createdAt: delivery.createdAt, updatedAt: delivery.updatedAt },
  }
}

const anyChannelOf = (channel: string): Static<typeof AnyChannel> =>
  channel === 'slack' ? channel : channelOf(channel)

const channelOf = (channel: string): Static<typeof Channel> =>
  channel === 'feed' || channel === 'sms' ? channel : 'email'

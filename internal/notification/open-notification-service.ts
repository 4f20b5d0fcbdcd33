import type { NotificationService } from '../gen/notification/v1/notification_pb.ts'
import { UserErasedSchema } from '../gen/user/v1/events_pb.ts'
import { databaseHealth } from '../platform/database-health.ts'
import { openPool, type DatabaseOptions } from '../platform/database.ts'
import { erasing, type ErasureCalls } from '../platform/erasure.ts'
import { eventType } from '../platform/event.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import { newId } from '../platform/new-id.ts'
import type { WakeProducer } from '../platform/outbox.ts'
import { poolSql } from '../platform/pool-sql.ts'
import { reactionRpc, sweepBoth, type React } from '../platform/reaction.ts'
import type { Scope } from '../platform/run.ts'
import type { Health } from '../platform/service.ts'
import type { Opened } from '../platform/service-definition.ts'
import * as app from './application/deliveries.ts'
import { makeMail } from './application/make-mail.ts'
import { makeSms } from './application/make-sms.ts'
import { makeStaffMessage } from './application/make-staff-message.ts'
import { changePreferences, getPreferences, unsubscribe } from './application/preferences.ts'
import { removeOldDeliveries } from './application/sweep-up.ts'
import { tellPeople } from './application/tell-people.ts'
import { tellStaff } from './application/tell-staff.ts'
import type { Delivery, DeliveryId } from './domain/delivery.ts'
import type { Channel } from './domain/kinds.ts'
import type { Language } from './domain/language.ts'
import { eraseRecipients } from './infrastructure/erase-people.ts'
import { linkTokens } from './infrastructure/link-tokens.ts'
import { notificationReactions } from './infrastructure/notification-reactions.ts'
import { notificationRpc } from './infrastructure/notification-rpc.ts'
import { serviceOwners, type OwnerCalls } from './infrastructure/owners.ts'
import { postgresDeliveries } from './infrastructure/postgres-deliveries.ts'
import { linkSecret, postgresPreferences } from './infrastructure/postgres-preferences.ts'
import { shopLinks, unsubscribeLink } from './infrastructure/shop-links.ts'
import { staffReactions } from './infrastructure/staff-reactions.ts'
import { openSenders } from './open-sender-service.ts'
import { openWebhooks } from './open-webhook-service.ts'

export type NotificationServiceOptions = {
  readonly log: Log
  readonly nats: Nats
  readonly database: DatabaseOptions
  readonly wakeProducer: WakeProducer
  readonly owners: OwnerCalls & { readonly user: ErasureCalls }
  /** How long the outbox keeps events. */
  readonly maxAgeDays: number
  readonly notifyBy: readonly Channel[]
  /** Empty: nobody gets mails. */
  readonly smtpUrl: string
  readonly mailFrom: string
  readonly shopUrl: string
  readonly publicUrl: string
  readonly shopName: string
  readonly defaultLanguage: Language
  readonly mailsPerSecond: number
  readonly smtpTimeoutMs: number
  /** Without the account's id nobody gets text messages. */
  readonly twilioAccountSid: string
  readonly twilioAuthToken: string
  readonly twilioFrom: string
  readonly twilioUrl: string
  /** Empty: staff get no mails. */
  readonly staffEmail: string
  /** Empty: staff are told nothing by Slack. */
  readonly slackWebhookUrl: string
  readonly notifyWithinHours: number
  readonly webhooksAllowPrivate: boolean
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Staff look into what was sent for so long. The events of a delivery must have left the outbox before it goes. */
const keptForDays = 90
/** Where nothing else is said, as on a laptop. */
const localUrl = 'http://localhost:8080'

/** A shop may be at a path of the origin where the API is, as ours is. */
const originOf = (url: string): string => (url === '' ? '' : new URL(url).origin)

/** The shop that the gateway serves itself. */
const shopAt = (publicUrl: string): string => `${publicUrl.replace(/\/+$/, '')}/shop`

/** Wires the notification service. Its senders run until the scope closes. */
export async function openNotificationService(
  scope: Scope,
  options: NotificationServiceOptions,
): Promise<Required<Pick<Opened<typeof NotificationService>, 'handlers' | 'health' | 'reactions'>>> {
  const { log, smtpUrl, notifyBy, defaultLanguage, shopName } = options
  const sql = poolSql(openPool(scope, log, options.database))
  const now = (): Date => new Date()
  const people = erasing({
    ...{ context: 'notification', erased: eventType(UserErasedSchema) },
    ...{ user: options.owners.user, erase: eraseRecipients(sql) },
  })
  const deliveries = postgresDeliveries(sql, options.wakeProducer)
  const preferences = postgresPreferences(sql)
  const owners = serviceOwners(options.owners)
  const publicUrl = options.publicUrl || originOf(options.shopUrl) || localUrl
  const links = shopLinks(options.shopUrl || shopAt(publicUrl))
  const tokens = linkTokens(await linkSecret(sql))
  const hasMail = smtpUrl !== '' && notifyBy.includes('email')
  const making = { preferences, owners, now, links, defaultLanguage, shopName }
  const makers = {
    mail: makeMail({ ...making, unsubscribeUrl: unsubscribeLink(publicUrl, tokens.write) }),
    sms: makeSms(making),
    staff: makeStaffMessage({ ...options, shopName }),
  }
  const { wake, mail, hasSms } = openSenders(scope, options, {
    ...{ deliveries, now, hasMail },
    make: (delivery) => makers[makerOf(delivery)](delivery),
  })
  const deps = { deliveries, preferences, owners, now, wake }
  const reactions = reactionsOf(options, { email: hasMail, sms: hasSms }, deps)
  const keptMs = Math.max(keptForDays, options.maxAgeDays + 1) * dayMs
  const sweepUp = removeOldDeliveries({ deliveries, now, keptMs })
  const webhooks = openWebhooks(scope, { ...options, sql })
  const gauges = async () => [
    ...gaugesOf(await deliveries.countByStatus()),
    ...webhookGauges(await webhooks.countQueued()),
  ]
  const health = databaseHealth('notification', () => sql.$queryRawUnsafe('select 1'), gauges)
  return {
    handlers: {
      ...webhooks.calls,
      ...notificationRpc({
        ...{ links, defaultLanguage },
        ...{ listFeed: app.listFeed(deps), markRead: app.markRead(deps) },
        ...{ findFeedPosition: app.findFeedPosition(deps), followFeeds: app.followFeeds(deps) },
        getPreferences: getPreferences(deps),
        changePreferences: changePreferences(deps),
        unsubscribe: unsubscribe({ ...deps, readToken: tokens.read }),
        listDeliveries: app.listDeliveries(deps),
        retryDelivery: app.retryDelivery(deps),
      }),
    },
    reactions: reactionRpc(
      { ...reactions, ...people.reactions },
      sweepBoth(async () => ({ removed: await sweepUp(), webhooks: await webhooks.sweepUp() }), people.sweep),
    ),
    health: withMail(health, mail),
  }
}

const makerOf = ({ recipient, channel }: Delivery): 'mail' | 'sms' | 'staff' =>
  recipient.type === 'staff' ? 'staff' : channel === 'sms' ? 'sms' : 'mail'

/** Who is told of what, by those channels that are on. */
function reactionsOf(
  options: NotificationServiceOptions,
  can: Readonly<Partial<Record<Channel, boolean>>>,
  deps: Pick<Parameters<typeof tellPeople>[0], 'deliveries' | 'preferences' | 'owners' | 'now' | 'wake'>,
): Readonly<Record<string, React>> {
  const telling = {
    ...{ ...deps, withinMs: options.notifyWithinHours * hourMs },
    newDeliveryId: () => newId() as DeliveryId,
  }
  const channels = options.notifyBy.filter((channel) => can[channel] ?? true)
  return {
    ...notificationReactions(tellPeople({ ...telling, channels })),
    ...staffReactions(tellStaff({ ...telling, channels: staffChannelsOf(options, can.email === true) })),
  }
}

const staffChannelsOf = (
  { staffEmail, slackWebhookUrl }: NotificationServiceOptions,
  hasMail: boolean,
): readonly Channel[] => [
  ...(hasMail && staffEmail !== '' ? (['email'] as const) : []),
  ...(slackWebhookUrl === '' ? [] : (['slack'] as const)),
]

/** Mails wait while their server is away, and nothing else does. */
function withMail(health: Health, mail: (() => string) | undefined): Health {
  const checked = { name: 'mail', ready: true, detail: '' }
  return {
    ...health,
    async checkReadiness(request, call) {
      const { checks } = await health.checkReadiness(request, call)
      return { checks: [...checks, { ...checked, detail: mail?.() ?? 'off: SMTP_URL or NOTIFY_BY' }] }
    },
  }
}

const gaugesOf = ({ queued = 0, sending = 0, failed = 0, unknown = 0 }: Readonly<Record<string, number>>) =>
  Object.entries({ queued, sending, failed, unknown }).map(([status, value]) => ({
    name: 'tillstream_notification_deliveries',
    help: 'Messages to people that wait, could not be sent, or of which nobody knows whether they were',
    labels: [{ name: 'status', value: status }],
    value: String(value),
  }))

const webhookGauges = ({ queued, pausedEndpoints }: Record<'queued' | 'pausedEndpoints', number>) => [
  {
    name: 'tillstream_webhook_deliveries_queued',
    help: 'Events that wait to be taken by endpoints',
    labels: [],
    value: String(queued),
  },
  {
    name: 'tillstream_webhook_endpoints_paused',
    help: 'Endpoints that get no events, because staff or their failures paused them',
    labels: [],
    value: String(pausedEndpoints),
  },
]

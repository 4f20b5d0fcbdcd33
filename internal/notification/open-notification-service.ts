import type { NotificationService } from '../gen/notification/v1/notification_pb.ts'
import { UserErasedSchema } from '../gen/user/v1/events_pb.ts'
import { databaseHealth } from '../platform/database-health.ts'
import { openPool, type DatabaseOptions } from '../platform/database.ts'
import { erasing, type ErasureCalls } from '../platform/erasure.ts'
import { eventType } from '../platform/event.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { Log } from '../platform/log.ts'
import type { Nats } from '../platform/nats.ts'
import { newId } from '../platform/new-id.ts'
import type { WakeProducer } from '../platform/outbox.ts'
import { poolSql } from '../platform/pool-sql.ts'
import { reactionRpc, sweepBoth } from '../platform/reaction.ts'
import type { Scope } from '../platform/run.ts'
import type { Health } from '../platform/service.ts'
import type { Opened } from '../platform/service-definition.ts'
import { createSignal, type Signal } from '../platform/signal.ts'
import * as app from './application/deliveries.ts'
import { makeMail } from './application/make-mail.ts'
import type { Deliveries, MailServer } from './application/ports.ts'
import { pace } from './application/pace.ts'
import { changePreferences, getPreferences, unsubscribe } from './application/preferences.ts'
import { sendDue } from './application/send-due.ts'
import { removeOldDeliveries } from './application/sweep-up.ts'
import { tellPeople } from './application/tell-people.ts'
import type { Delivery, DeliveryId } from './domain/delivery.ts'
import type { Channel } from './domain/kinds.ts'
import type { Language } from './domain/language.ts'
import type { Made } from './application/make-mail.ts'
import { eraseRecipients } from './infrastructure/erase-people.ts'
import { linkTokens } from './infrastructure/link-tokens.ts'
import { notificationReactions } from './infrastructure/notification-reactions.ts'
import { notificationRpc } from './infrastructure/notification-rpc.ts'
import { serviceOwners, type OwnerCalls } from './infrastructure/owners.ts'
import { postgresDeliveries } from './infrastructure/postgres-deliveries.ts'
import { linkSecret, postgresPreferences } from './infrastructure/postgres-preferences.ts'
import { runSender } from './infrastructure/run-sender.ts'
import { shopLinks, unsubscribeLink } from './infrastructure/shop-links.ts'
import { mailSender } from './domain/mail-sender.ts'
import { smtpAddress } from './infrastructure/smtp/smtp-address.ts'
import { smtpMailServer } from './infrastructure/smtp/smtp-mail-server.ts'
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
  readonly notifyWithinHours: number
  readonly webhooksAllowPrivate: boolean
}

/** Mails that are sent at the same time. Each sender has a connection of its own. */
const senders = 3
const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Staff look into what was sent for so long. The events of a delivery must have left the outbox before it goes. */
const keptForDays = 90
/** Where nothing else is said, as on a laptop. */
const localUrl = 'http://localhost:8080'

/** Wires the notification service. Its senders run until the scope closes. */
export async function openNotificationService(
  scope: Scope,
  options: NotificationServiceOptions,
): Promise<Required<Pick<Opened<typeof NotificationService>, 'handlers' | 'health' | 'reactions'>>> {
  const { log, smtpUrl, notifyBy, defaultLanguage } = options
  const sql = poolSql(openPool(scope, log, options.database))
  const now = (): Date => new Date()
  const people = erasing({
    ...{ context: 'notification', erased: eventType(UserErasedSchema) },
    ...{ user: options.owners.user, erase: eraseRecipients(sql) },
  })
  const deliveries = postgresDeliveries(sql, options.wakeProducer)
  const preferences = postgresPreferences(sql)
  const owners = serviceOwners(options.owners)
  const publicUrl = options.publicUrl || options.shopUrl || localUrl
  const links = shopLinks(options.shopUrl || publicUrl)
  const tokens = linkTokens(await linkSecret(sql))
  const hasMail = smtpUrl !== '' && notifyBy.includes('email')
  const channels = notifyBy.filter((channel) => channel !== 'email' || hasMail)
  const signals = hasMail ? Array.from({ length: senders }, createSignal) : []
  const wake = (): void => signals.forEach((signal) => signal.notify())
  const deps = { deliveries, preferences, owners, now, wake }
  const make = makeMail({
    ...{ ...deps, links, defaultLanguage, shopName: options.shopName },
    unsubscribeUrl: unsubscribeLink(publicUrl, tokens.write),
  })
  const mail = hasMail ? startSenders(scope, options, { deliveries, make, signals, now }) : undefined
  const tell = tellPeople({
    ...{ ...deps, channels, withinMs: options.notifyWithinHours * hourMs },
    newDeliveryId: () => newId() as DeliveryId,
  })
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
        listFeed: app.listFeed(deps),
        markRead: app.markRead(deps),
        getPreferences: getPreferences(deps),
        changePreferences: changePreferences(deps),
        unsubscribe: unsubscribe({ ...deps, readToken: tokens.read }),
        listDeliveries: app.listDeliveries(deps),
        retryDelivery: app.retryDelivery(deps),
      }),
    },
    reactions: reactionRpc(
      { ...notificationReactions(tell), ...people.reactions },
      sweepBoth(async () => ({ removed: await sweepUp(), webhooks: await webhooks.sweepUp() }), people.sweep),
    ),
    health: withMail(health, mail),
  }
}

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

type Sending = {
  readonly deliveries: Deliveries
  readonly make: (delivery: Delivery) => Promise<Made>
  readonly signals: readonly Signal[]
  readonly now: () => Date
}

/** Starts the senders; answers with what is wrong with sending, empty when nothing is. */
function startSenders(
  scope: Scope,
  { log, smtpUrl, mailFrom, mailsPerSecond, smtpTimeoutMs: timeoutMs }: NotificationServiceOptions,
  { deliveries, make, signals, now }: Sending,
): () => string {
  const from = mailSender(mailFrom)
  if (!from) throw new Error('MAIL_FROM was not checked')
  const server: MailServer = smtpMailServer(scope, { address: smtpAddress(smtpUrl), from, timeoutMs })
  const failures = new Map<Signal, string | undefined>()
  const report = (what: string, details: Readonly<Record<string, unknown>>): void => log.warn(details, what)
  // A mail has an answer, or its connection is closed, after one timeout; the rest is for the database.
  const send = sendDue({
    pace: pace(mailsPerSecond, now),
    deliveries,
    make,
    server,
    leaseMs: 3 * timeoutMs,
    now,
    failpoint,
    report,
  })
  for (const signal of signals) {
    const stop = new AbortController()
    const onRound = (failure: string | undefined): void => void failures.set(signal, failure)
    const loop = runSender({ send, nextDue: deliveries.nextDue, signal, now, log, onRound }, stop.signal)
    scope.watch('mail sender', loop)
    scope.onClose('mail sender', async () => {
      stop.abort()
      await loop
    })
  }
  return () => [...failures.values()].find((failure) => failure !== undefined) ?? ''
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

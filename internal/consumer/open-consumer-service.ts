import type { ConsumerService } from '../gen/consumer/v1/consumer_pb.ts'
import { systemCall } from '../platform/call.ts'
import { openDatabase, type DatabaseOptions } from '../platform/database.ts'
import type { ImageStoreValues } from '../platform/files/image-settings.ts'
import { indexServerOf } from '../platform/search-settings.ts'
import { openImageStore } from '../platform/files/open-image-store.ts'
import type { Log } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import type { Nats } from '../platform/nats.ts'
import type { WakeProducer } from '../platform/outbox.ts'
import type { Scope } from '../platform/run.ts'
import type { Handlers, Health } from '../platform/service.ts'
import type { Reactor, System } from '../platform/service-definition.ts'
import { runAudit } from '../audit/audit-service.ts'
import { readOrderTimeline } from '../timeline/timeline-service.ts'
import { listActivity } from './application/activities.ts'
import {
  discardDeadLetter,
  getDeadLetter,
  listDeadLetters,
  requeueDeadLetter,
} from './application/dead-letters.ts'
import { sweep } from './application/sweep.ts'
import { consumerHealth, type SubscriptionState } from './infrastructure/consumer-health.ts'
import { consumerRpc } from './infrastructure/consumer-rpc.ts'
import { PrismaClient } from './infrastructure/db/client.ts'
import { deadLetterOf } from './infrastructure/dead-letter-of.ts'
import { jetStreamSource } from './infrastructure/message-source.ts'
import { postgresActivityLog } from './infrastructure/postgres-activity-log.ts'
import { prismaDeadLetters } from './infrastructure/prisma-dead-letters.ts'
import { jetStreamRepublish } from './infrastructure/republish.ts'
import { runSubscription, type SubscriptionRun } from './infrastructure/run-subscription.ts'
import { runSweeper } from './infrastructure/run-sweeper.ts'
import { subscriptionsOf } from './infrastructure/subscriptions.ts'

export type ConsumerServiceOptions = ImageStoreValues & {
  readonly log: Log
  readonly database: DatabaseOptions
  readonly nats: Nats
  readonly wakeProducer: WakeProducer
  readonly reactors: readonly Reactor[]
  /** For the audit: the database of each service's schema and, below, the aggregates that have events. */
  readonly databases: System['databases']
  readonly aggregates: System['aggregates']
  /** Where the search index is when it is not in the database. */
  readonly searchUrl?: string
  readonly searchIndex?: string
  readonly sweepIntervalMs: number
  readonly sweepAfterSeconds: number
}

/** Wires the consumer. Its subscriptions and its sweeper run until the scope closes. */
export function openConsumerService(
  scope: Scope,
  options: ConsumerServiceOptions,
): { readonly handlers: Handlers<typeof ConsumerService>; readonly health: Health } {
  const { log, nats } = options
  const db = new PrismaClient({ adapter: openDatabase(scope, log, options.database) })
  scope.onClose('consumer prisma', () => db.$disconnect())
  const now = (): Date => new Date()
  const letters = prismaDeadLetters(db, now, options.wakeProducer)
  const source = jetStreamSource(nats)
  const states = subscriptionsOf(options.reactors).map((subscription) => {
    const state: SubscriptionState = {
      name: subscription.name,
      stream: subscription.stream,
      delivery: undefined,
    }
    const bury: SubscriptionRun['bury'] = async ({ name }, message, incarnation, code, reason) => {
      log.error({ subscription: name, seq: message.seq, code }, 'message dead-lettered')
      await letters.add(deadLetterOf(message, { subscription: name, incarnation, code, reason, at: now() }))
    }
    const onDelivery: SubscriptionRun['onDelivery'] = (delivery) => void (state.delivery = delivery)
    background(scope, `subscription ${subscription.name}`, (stopped) =>
      runSubscription(subscription, { source, log, bury, onDelivery }, stopped),
    )
    return state
  })

  const sweepOnce = sweep({
    sweepers: options.reactors.map(({ service, handlers }) => ({
      service,
      sweep: async (olderThanSeconds) =>
        (await handlers.sweep({ olderThanSeconds }, systemCall(newId()))).swept,
    })),
    report: (service, err) => log.warn({ err, service }, 'the sweep failed; it is repeated later'),
  })
  const sweeping = {
    sweep: sweepOnce,
    intervalMs: options.sweepIntervalMs,
    afterSeconds: options.sweepAfterSeconds,
    isSilent: () => states.some(({ delivery }) => delivery?.isSilent() ?? true),
    log,
  }
  background(scope, 'sweeper', (stopped) => runSweeper(sweeping, stopped))

  const rpc = consumerRpc({
    list: listDeadLetters({ letters }),
    get: getDeadLetter({ letters }),
    requeue: requeueDeadLetter({ letters, republish: jetStreamRepublish(nats) }),
    discard: discardDeadLetter({ letters }),
    listActivity: listActivity({
      logs: [...new Set(Object.values(urlsOf(options.databases)))].map(postgresActivityLog),
    }),
    timeline: readOrderTimeline(urlsOf(options.databases)),
    audit: async () =>
      runAudit({
        ...{ databases: urlsOf(options.databases), aggregates: options.aggregates, nats: nats.connection },
        imageFiles: await openImageStore(options),
        indexServer: indexServerOf(options),
      }),
  })
  return { handlers: rpc, health: consumerHealth(letters, nats, states) }
}

/** Runs a loop until the scope closes. If the loop dies before, the process ends. */
function background(scope: Scope, name: string, start: (stopped: AbortSignal) => Promise<void>): void {
  const stop = new AbortController()
  const loop = start(stop.signal)
  scope.watch(name, loop)
  scope.onClose(name, async () => {
    stop.abort()
    await loop
  })
}

const urlsOf = (databases: System['databases']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(databases).map(([service, { url }]) => [service, url]))

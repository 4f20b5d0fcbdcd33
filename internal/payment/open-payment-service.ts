import type { PaymentService } from '../gen/payment/v1/payment_pb.ts'
import { systemCall, traceOf } from '../platform/call.ts'
import { UserErasedSchema } from '../gen/user/v1/events_pb.ts'
import { databaseHealth } from '../platform/database-health.ts'
import { erasing, type ErasureCalls } from '../platform/erasure.ts'
import { eventType } from '../platform/event.ts'
import { openPool, type DatabaseOptions } from '../platform/database.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { Log } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import type { WakeProducer } from '../platform/outbox.ts'
import { poolSql } from '../platform/pool-sql.ts'
import { reactionRpc } from '../platform/reaction.ts'
import type { Scope } from '../platform/run.ts'
import type { Opened } from '../platform/service-definition.ts'
import { hasOpenMoney } from './application/open-money.ts'
import { offeredMethods } from './application/methods.ts'
import { observePayment } from './application/observe-payment.ts'
import { paymentApp } from './application/payment-app.ts'
import type { Provider } from './application/provider.ts'
import { takeOverOrders } from './application/take-over.ts'
import { workOff } from './application/work-off.ts'
import type { CaptureMode } from './domain/account.ts'
import type { Seller } from './domain/receipt.ts'
import { creditNotes } from './infrastructure/credit-notes.ts'
import { handOperations } from './infrastructure/handed-operations.ts'
import { laneSignals } from './infrastructure/lane-signals.ts'
import { erasePayers, openMoney, takeOver } from './infrastructure/people.ts'
import { paymentRpc } from './infrastructure/payment-rpc.ts'
import { pdfDrawer } from './infrastructure/pdf/pdf-drawer.ts'
import { postgresAccounts } from './infrastructure/postgres-accounts.ts'
import { postgresInbox } from './infrastructure/postgres-inbox.ts'
import { postgresReceipts } from './infrastructure/postgres-receipts.ts'
import { postgresStaffList } from './infrastructure/postgres-staff-list.ts'
import { postgresWork } from './infrastructure/postgres-work.ts'
import { rememberAccounts } from './infrastructure/remembered-accounts.ts'
import { runWorker } from './infrastructure/run-worker.ts'
import { webhookAddress } from './infrastructure/providers/webhook-address.ts'

export type PaymentServiceOptions = {
  readonly log: Log
  readonly database: DatabaseOptions
  readonly wakeProducer: WakeProducer
  readonly user: ErasureCalls
  /** The first one that has a method carries it out. */
  readonly providers: readonly Provider[]
  readonly capture: CaptureMode
  readonly hasInvoice: boolean
  readonly attemptsPerHour: number
  readonly revivalWaitSeconds: number
  /** Where providers are told to send their messages; empty: nowhere. */
  readonly publicUrl: string
  readonly receiptSeries: string
  readonly creditNoteSeries: string
  readonly shopName: string
  readonly shopAddress: string
  readonly shopTaxId: string
}

/** Each lane waits for its own calls, so that a provider that hangs holds up a part of the work only. */
const lanes = 4
const atOncePerLane = 8
/** So many messages come together in it when many orders are paid, and nobody waits for it when few are. */
const lookEveryMs = 50
/** After three days without a clear answer nobody but staff can say. */
const givenUpAfterMs = 3 * 86_400_000

/** Wires the payment service. Its workers run until the scope closes. */
export function openPaymentService(
  scope: Scope,
  options: PaymentServiceOptions,
): Required<Pick<Opened<typeof PaymentService>, 'handlers' | 'health' | 'reactions'>> {
  const { log, providers, wakeProducer } = options
  const sql = poolSql(openPool(scope, log, options.database))
  const erased = eventType(UserErasedSchema)
  const people = erasing({ context: 'payment', erased, user: options.user, erase: erasePayers(sql) })
  const { signals, notify: wake } = laneSignals(lanes)
  const now = (): Date => new Date()
  const stationery = { ...options, seller: sellerOf(options), newId, now }
  const remembered = rememberAccounts()
  const handed = handOperations()
  const accounts = postgresAccounts(sql, {
    ...{ wakeProducer, wakeWorker: wake, issueCreditNotes: creditNotes(stationery), remembered, handed },
  })
  const [work, inbox] = [postgresWork(sql, remembered), postgresInbox(sql, wake)]
  const receipts = postgresReceipts(sql, wakeProducer, stationery)
  const providerOf = (name: string): Provider | undefined => providers.find((each) => each.name === name)
  const methods = offeredMethods(providers, options.hasInvoice)
  const documents = { ...stationery, receipts, draw: pdfDrawer(scope) }
  const asking = {
    ...{ accounts, providerOf, newId, now, failpoint },
    revivalWaitMs: options.revivalWaitSeconds * 1_000,
    notifyUrlOf: webhookAddress(options.publicUrl),
    newTrace: () => traceOf(systemCall(newId())),
  }
  const staff = { staffList: postgresStaffList(sql), observe: observePayment(asking) }
  const deps = { ...documents, ...asking, ...staff, work, inbox, methods, wake }
  const worker = workOff({
    ...{ ...deps, givenUpAfterMs, lookEveryMs },
    handed: handed.next,
    providers: providers.map(({ name }) => name),
    atOnce: atOncePerLane,
    onMore: wake,
    report: (what, details) => log.warn(details, what),
  })
  for (const signal of signals) startLane(scope, { workOff: worker, signal, now, log })
  return {
    handlers: paymentRpc({
      ...paymentApp(deps),
      methods,
      hasOpenMoney: hasOpenMoney({ openMoney: openMoney(sql) }),
      takeOverOrders: takeOverOrders({ takeOver: takeOver(sql) }),
    }),
    reactions: reactionRpc(people.reactions, people.sweep),
    health: databaseHealth(
      'payment',
      () => sql.$queryRawUnsafe('select 1'),
      async () => [...gaugesOf(await inbox.countByStatus()), ...staffGauges(await staff.staffList.waiting())],
    ),
  }
}

/** A line break in a setting is written as \n. */
const sellerOf = (shop: PaymentServiceOptions): Seller => ({
  name: shop.shopName,
  address: shop.shopAddress.replaceAll('\\n', '\n'),
  taxId: shop.shopTaxId,
})

function startLane(scope: Scope, loop: Parameters<typeof runWorker>[0]): void {
  const stop = new AbortController()
  const ended = runWorker(loop, stop.signal)
  scope.watch('payment worker', ended)
  scope.onClose('payment worker', async () => {
    stop.abort()
    await ended
  })
}

const staffGauges = (waiting: Readonly<Record<'refunds' | 'suspense', number>>) =>
  Object.entries(waiting).map(([what, value]) => ({
    name: 'tillstream_payment_awaits_staff',
    help: 'Refunds and money without a payment that nobody but staff can end',
    labels: [{ name: 'what', value: what }],
    value: String(value),
  }))

const gaugesOf = ({ received = 0, dead = 0 }: Readonly<Record<string, number>>) =>
  Object.entries({ received, dead }).map(([status, value]) => ({
    name: 'tillstream_payment_inbox',
    help: 'Messages of providers that wait or could not be handled',
    labels: [{ name: 'status', value: status }],
    value: String(value),
  }))

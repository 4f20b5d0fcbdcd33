import type { Test } from 'tap'
import { openPool } from '../../platform/database.ts'
import { createLog } from '../../platform/log.ts'
import { newId } from '../../platform/new-id.ts'
import { poolSql } from '../../platform/pool-sql.ts'
import { createScope } from '../../platform/run.ts'
import type { BeginInput } from '../application/begin-payment.ts'
import { offeredMethods } from '../application/methods.ts'
import { observePayment } from '../application/observe-payment.ts'
import { paymentApp } from '../application/payment-app.ts'
import { workOff } from '../application/work-off.ts'
import { amountsOf, type Account } from '../domain/account.ts'
import type { OrderId } from '../domain/ids.ts'
import { postgresAccounts } from '../infrastructure/postgres-accounts.ts'
import { creditNotes } from '../infrastructure/credit-notes.ts'
import type { HandedOperations } from '../infrastructure/handed-operations.ts'
import { postgresInbox } from '../infrastructure/postgres-inbox.ts'
import { postgresReceipts } from '../infrastructure/postgres-receipts.ts'
import { postgresStaffList } from '../infrastructure/postgres-staff-list.ts'
import { postgresWork } from '../infrastructure/postgres-work.ts'
import { rememberAccounts } from '../infrastructure/remembered-accounts.ts'
import { fakeProvider, type FakeProvider } from './fake-provider.ts'
import { beginning, stationery, system, trace } from './fixtures.ts'

/** What "the process dies here" is in these drills: the work is left as it is, and its lease has to end. */
export class Death extends Error {}

export type Clock = { at: Date }

type PaymentsOptions = {
  readonly fake?: FakeProvider
  readonly clock?: Clock
  /** Absent: the worker looks for all of its work in the database. */
  readonly handed?: HandedOperations
}

/** The use cases of one replica on a database, whose worker runs when it is told to, in a time that the test moves. */
export function openPayments(
  t: Test,
  url: string,
  { fake = fakeProvider(), clock = { at: new Date() }, handed }: PaymentsOptions = {},
) {
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const options = { url, applicationName: 'payment', maxConnections: 8, statementTimeoutMs: 20_000 }
  const sql = poolSql(openPool(scope, log, options))
  const nothing = (): void => undefined
  const now = (): Date => clock.at
  const paper = { ...stationery, now }
  const remembered = rememberAccounts()
  const accounts = postgresAccounts(sql, {
    ...{ wakeProducer: nothing, wakeWorker: nothing, issueCreditNotes: creditNotes(paper), remembered },
    ...(handed && { handed }),
  })
  const receipts = postgresReceipts(sql, nothing, paper)
  const [work, inbox] = [postgresWork(sql, remembered), postgresInbox(sql, nothing)]
  const { provider } = fake
  const providerOf = (name: string) => (name === provider.name ? provider : undefined)
  const methods = offeredMethods([provider], true)
  const documents = { ...paper, receipts, draw: async () => new Uint8Array() }
  let diesAt: string | undefined
  const asking = {
    ...{ accounts, providerOf, newId, now, revivalWaitMs: 60_000 },
    failpoint: (name: string): void => {
      if (name === diesAt) throw new Death(name)
    },
    notifyUrlOf: () => undefined,
    newTrace: () => trace,
  }
  const staff = { staffList: postgresStaffList(sql), observe: observePayment(asking) }
  const common = { ...asking, ...staff, work, inbox, methods, wake: () => undefined }
  const deps = { ...common, ...documents, capture: 'at-once' as const, attemptsPerHour: 1_000 }
  const reports: string[] = []
  const worker = workOff({
    ...deps,
    givenUpAfterMs: 3 * 86_400_000,
    providers: [provider.name],
    atOnce: 8,
    report: (what) => void reports.push(what),
    ...(handed && { handed: handed.next }),
  })
  const app = paymentApp(deps)
  const begin = (changes: Partial<BeginInput> = {}) =>
    app.beginPayment({ ...beginning(), capture: undefined, ...changes }, system)
  return {
    ...{ app, sql, fake, clock, accounts, work, inbox, reports, begin, receipts, ...staff },
    account: async (orderId: OrderId): Promise<Account> => (await accounts.find(orderId))!,
    amounts: async (orderId: OrderId) => amountsOf((await accounts.find(orderId))!),
    pass: (ms: number) => void (clock.at = new Date(clock.at.getTime() + ms)),
    /** Works until nothing is due. */
    async drain() {
      while ((await worker()).done > 0);
    },
    /** Works once, and dies at the first passage of the point. */
    async dieAt(name: string) {
      diesAt = name
      await worker()
      diesAt = undefined
    },
    /** What the log of who did what has, oldest first. */
    logged: () =>
      sql.$queryRawUnsafe<{ what: string; subject: string; before: object; after: object; reason: string }[]>(
        `select what, subject_id as subject, before::json, after::json, reason from producer.activity order by id`,
      ),
    events: (orderId: OrderId) =>
      sql.$queryRawUnsafe<{ subject: string; version: number; data: Record<string, unknown> }[]>(
        `select subject, aggregate_version as version, data::jsonb as data from producer.outbox
         where aggregate_id = $1::uuid order by aggregate_version`,
        orderId,
      ),
  }
}

export type Payments = ReturnType<typeof openPayments>

/** The provider's money and ours, which have to be the same. */
export async function compareCents(
  payments: Payments,
): Promise<{ readonly ours: unknown; readonly theirs: unknown }> {
  const rows = await payments.sql.$queryRawUnsafe<{ ref: string; captured: bigint; refunded: bigint }[]>(
    `select p.ref,
       coalesce(sum(e.amount_minor) filter (where e.kind = 'captured'), 0)::bigint as captured,
       coalesce(sum(e.amount_minor) filter (where e.kind = 'refunded'), 0)::bigint as refunded
     from payments.payments p left join payments.entries e on e.payment_id = p.id
     where p.ref is not null group by p.ref order by p.ref`,
  )
  const theirs = payments.fake
    .snapshots()
    .map(({ ref, captures, refunds }) => ({
      ref,
      captured: captures.reduce((sum, { cumulativeMinor }) => sum + cumulativeMinor, 0n),
      refunded: refunds
        .filter(({ status }) => status === 'succeeded')
        .reduce((sum, each) => sum + each.amountMinor, 0n),
    }))
    .sort((a, b) => (a.ref < b.ref ? -1 : 1))
  const ours = [...rows].sort((a, b) => (a.ref < b.ref ? -1 : 1))
  return { ours, theirs }
}

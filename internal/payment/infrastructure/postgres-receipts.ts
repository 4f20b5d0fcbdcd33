import { isDatabaseOutage, retryContention, type Sql } from '../../platform/database.ts'
import { groupCommit } from '../../platform/group-commit.ts'
import type { WakeProducer } from '../../platform/outbox.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import type { Receipts } from '../application/receipts.ts'
import type { OrderId } from '../domain/ids.ts'
import type { Receipt } from '../domain/receipt.ts'
import { readAccounts, type StoredAccount } from './account-rows.ts'
import { creditNotes, type Stationery } from './credit-notes.ts'
import { selectReceipts } from './receipt-rows.ts'
import { storeReceipts, type ToIssue } from './store-receipts.ts'

/** All documents of a series wait for its row, so more transactions at once would only wait for each other. */
const together = { maxBatch: 100, inFlight: 1, isOutage: isDatabaseOutage }

export function postgresReceipts(sql: PoolSql, wakeProducer: WakeProducer, stationery: Stationery): Receipts {
  const issue = groupCommit(async (batch: readonly ToIssue[]): Promise<readonly Receipt[]> => {
    const receipts = await retryContention(() => sql.transaction((tx) => issueAll(tx, batch, stationery)))
    wakeProducer()
    return receipts
  }, together)
  return {
    issue: (draft, trace) => issue({ draft, trace }),
    find: async (id) => (await selectReceipts(sql, 'r.id = $1::uuid', id))[0],
    ofOrder: (orderId) => selectReceipts(sql, 'r.order_id = $1::uuid', orderId),
  }
}

/** The gates are locked first, as for a refund: what it sees, the other one has committed. */
async function issueAll(
  tx: Sql,
  batch: readonly ToIssue[],
  stationery: Stationery,
): Promise<readonly Receipt[]> {
  const orderIds = batch.map(({ draft }) => draft.orderId)
  await tx.$queryRawUnsafe(
    'select 1 from payments.gates where order_id = any($1::uuid[]) order by order_id for update',
    orderIds,
  )
  const receipts = await storeReceipts(tx, stationery.receiptSeries, batch, stationery.now)
  const credit = creditNotes(stationery)
  const given = await givenBack(tx, orderIds)
  const accounts = given.length > 0 ? await readAccounts(tx, given) : new Map<OrderId, StoredAccount>()
  for (const [orderId, { account }] of accounts) {
    const trace = batch.find(({ draft }) => draft.orderId === orderId)?.trace
    if (trace) await credit(tx, account, trace)
  }
  return receipts
}

/** Orders whose refunds were quicker than their receipts. */
async function givenBack(tx: Sql, orderIds: readonly OrderId[]): Promise<readonly OrderId[]> {
  const rows = await tx.$queryRawUnsafe<readonly { readonly order_id: OrderId }[]>(
    `select g.order_id from payments.gates g
     where g.order_id = any($1::uuid[]) and (g.status = 'closed' or exists (
       select from payments.refunds r where r.order_id = g.order_id and r.status in ('succeeded', 'settled_manually')
     ))`,
    orderIds,
  )
  return rows.map(({ order_id }) => order_id)
}

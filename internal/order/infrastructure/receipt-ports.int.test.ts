import t from 'tap'
import { openPool } from '../../platform/database.ts'
import { poolSql } from '../../platform/pool-sql.ts'
import { systemCall } from '../../platform/call.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { silent, testScope } from '../../platform/testing/scope.ts'
import type { Order, OrderStatus } from '../domain/order.ts'
import { supplyOf } from '../domain/receipt.ts'
import { noPaymentCalls } from '../testing/no-payments.ts'
import { pendingOrder, trace } from '../testing/fixtures.ts'
import type { PaymentCalls } from './payment-ports.ts'
import { paymentReceipts } from './receipt-ports.ts'
import { insertOrders } from './write-orders.ts'

const { url } = await testDatabase(t)
const options = { url, applicationName: 'order', maxConnections: 2, statementTimeoutMs: 5_000 }
const sql = poolSql(openPool(testScope(t), silent, options))
const receipts = paymentReceipts(noPaymentCalls, sql)
const long = new Date(Date.now() + 60_000)

async function stored(status: OrderStatus, moneyTaken: boolean, totalMinor?: bigint): Promise<Order> {
  const placed = pendingOrder()
  const order = { ...placed, status, totalMinor: totalMinor ?? placed.totalMinor }
  await insertOrders(sql, [{ order, key: undefined }], [])
  await sql.$executeRawUnsafe(
    'update orders.orders set money_taken = $2 where id = $1::uuid',
    order.id,
    moneyTaken,
  )
  return order
}

t.test('orders are found that are paid for, alive and without a receipt', async (t) => {
  const due = [
    await stored('paid', true),
    await stored('shipped', true),
    await stored('completed', true),
    await stored('paid', false, 0n),
  ]
  await stored('paid', false)
  await stored('canceled', true)
  await stored('confirmed', true)
  const found = await receipts.missingSince(long, 10)
  t.strictSame([...found].sort(), due.map(({ id }) => id).sort())
  t.equal((await receipts.missingSince(long, 2)).length, 2)
  t.strictSame(
    await receipts.missingSince(due[0]!.updatedAt, 10),
    [],
    'those that have just been paid may wait',
  )
  await receipts.markIssued(found.slice(1))
  t.strictSame(await receipts.missingSince(long, 10), [found[0]])
})

t.test('what was sold is asked for under the order itself, whatever else changes', async (t) => {
  const asked: unknown[] = []
  const issueReceipt: PaymentCalls['issueReceipt'] = async (request, call) => {
    asked.push({ request, call })
    return Promise.reject(new Error('that is enough'))
  }
  const { issue } = paymentReceipts({ ...noPaymentCalls, issueReceipt }, sql)
  const order = pendingOrder()
  await t.rejects(issue(supplyOf(order), trace), /enough/)
  t.match(asked, [
    {
      request: {
        ...{ orderId: order.id, userId: order.userId, cause: `order:${order.id}`, totalMinor: '648' },
        ...{ shippingMinor: '0', discountMinor: '0', taxes: [], taxIncluded: true },
        lines: [
          { lineId: order.lines[0]!.id, quantity: 1, unitPriceMinor: '250', totalMinor: '250' },
          { lineId: order.lines[1]!.id, quantity: 2, unitPriceMinor: '199', totalMinor: '398' },
        ],
      },
      call: systemCall(trace.correlationId),
    },
  ])
})

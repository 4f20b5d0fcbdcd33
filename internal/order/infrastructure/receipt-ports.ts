import type { ReceiptSchema } from '../../gen/payment/v1/payment_pb.ts'
import { systemCall } from '../../platform/call.ts'
import type { Sql } from '../../platform/database.ts'
import { failpoint } from '../../platform/failpoint.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Receipts } from '../application/issue-receipts.ts'
import type { OrderId } from '../domain/order.ts'
import type { Buyer, Supply } from '../domain/receipt.ts'
import type { PaymentCalls } from './payment-ports.ts'

/** The payments issue receipts; which orders have one is on the orders' rows. */
export function paymentReceipts(
  payments: Pick<PaymentCalls, 'issueReceipt' | 'listReceipts'>,
  sql: Sql,
): Receipts<Wire<typeof ReceiptSchema>> {
  return {
    async issue(supply, { correlationId, traceparent }) {
      failpoint('paid-receipt')
      await payments.issueReceipt(requestOf(supply), systemCall(correlationId, traceparent))
      failpoint('receipt-mark')
    },
    async list(orderId, { correlationId, traceparent }) {
      return (await payments.listReceipts({ orderId }, systemCall(correlationId, traceparent))).receipts
    },
    async markIssued(orderIds) {
      await sql.$executeRawUnsafe(
        'update orders.orders set has_receipt = true where id = any($1::uuid[]) and not has_receipt',
        orderIds,
      )
    },
    async missingSince(before, limit) {
      const rows = await sql.$queryRawUnsafe<readonly { readonly id: OrderId }[]>(
        `select id from orders.orders
         where not has_receipt and (money_taken or total_minor = 0) and status in ('paid', 'shipped', 'completed')
           and updated_at < $1
         order by updated_at limit $2`,
        before,
        limit,
      )
      return rows.map(({ id }) => id)
    },
  }
}

/** One receipt for each order, however often its money comes and goes. */
function requestOf(supply: Supply): Parameters<PaymentCalls['issueReceipt']>[0] {
  const { orderId, userId = '', currency, taxIncluded, buyer = nobody } = supply
  return {
    ...{ orderId, userId, cause: `order:${orderId}`, currency, taxIncluded, buyer },
    lines: supply.lines.map(({ unitPriceMinor, discountMinor, taxRatePpm, taxMinor, ...line }) => ({
      ...{ lineId: line.id, sku: line.sku, name: line.name, quantity: line.quantity },
      ...{ unitPriceMinor: String(unitPriceMinor), discountMinor: String(discountMinor) },
      totalMinor: String(unitPriceMinor * BigInt(line.quantity) - discountMinor),
      ...(taxRatePpm === undefined ? {} : { taxRatePpm }),
      taxMinor: String(taxMinor),
    })),
    ...{ shippingMinor: String(supply.shippingMinor), discountMinor: String(supply.discountMinor) },
    taxes: supply.taxes.map(({ ratePpm, netMinor, taxMinor }) => {
      return { ratePpm, netMinor: String(netMinor), taxMinor: String(taxMinor) }
    }),
    totalMinor: String(supply.totalMinor),
  }
}

const nobody: Buyer = {
  ...{ name: '', email: '', line1: '', line2: '' },
  ...{ city: '', region: '', postalCode: '', country: '' },
}

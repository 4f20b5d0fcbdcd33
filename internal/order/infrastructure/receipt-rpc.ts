import type { OrderService } from '../../gen/order/v1/order_pb.ts'
import type { ReceiptSchema } from '../../gen/payment/v1/payment_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { Wire } from '../../platform/wire.ts'
import type { listOrderReceipts } from '../application/issue-receipts.ts'
import type { OrderId } from '../domain/order.ts'

export type ReceiptApp = {
  readonly listOrderReceipts: ReturnType<typeof listOrderReceipts<Wire<typeof ReceiptSchema>>>
}

export const receiptRpc = (app: ReceiptApp) =>
  ({
    async listOrderReceipts({ id }, call) {
      const orderId = parseUuid(id, 'order.invalid-id', "an order's id") as OrderId
      return { receipts: await app.listOrderReceipts(orderId, call) }
    },
  }) satisfies Partial<Handlers<typeof OrderService>>

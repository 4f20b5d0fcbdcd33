import { Type } from 'typebox'
import type { OrderService } from '../../gen/order/v1/order_pb.ts'
import type { PaymentService } from '../../gen/payment/v1/payment_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { IdParams, OrderTokenHeader, refTo } from '../schemas.ts'
import { Receipt, receiptBody } from './receipt-schemas.ts'

export type ReceiptDeps = {
  readonly orders: Pick<Handlers<typeof OrderService>, 'listOrderReceipts'>
  readonly payments: Pick<Handlers<typeof PaymentService>, 'getReceipt' | 'drawReceipt'>
}

export function receiptRoutes({ orders, payments }: ReceiptDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/orders/:id/receipts',
      access: 'buyer',
      permission: 'payments:read',
      headers: OrderTokenHeader,
      tag: 'payments',
      id: 'listOrderReceipts',
      summary:
        "List the receipt and the credit notes of one's own order, or as an admin of anybody's, oldest first",
      params: IdParams,
      status: 200,
      response: Type.Object({ data: Type.Array(refTo(Receipt)) }),
      async handle({ params }, call) {
        const { receipts } = await orders.listOrderReceipts(params, call)
        return { body: { data: receipts.map(receiptBody) } }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/receipts/:id',
      access: 'buyer',
      permission: 'payments:read',
      headers: OrderTokenHeader,
      tag: 'payments',
      id: 'getReceipt',
      summary: "Show a receipt or credit note of one's own order, or as an admin anybody's",
      params: IdParams,
      status: 200,
      response: refTo(Receipt),
      handle: async ({ params }, call) => ({
        body: receiptBody((await payments.getReceipt(params, call)).receipt),
      }),
    }),
    endpoint({
      method: 'GET',
      path: '/receipts/:id.pdf',
      access: 'buyer',
      permission: 'payments:read',
      headers: OrderTokenHeader,
      tag: 'payments',
      id: 'drawReceipt',
      summary: 'The same as a PDF; `503 overloaded` when too many are being drawn',
      params: IdParams,
      status: 200,
      mediaType: 'application/pdf',
      response: Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' }),
      async handle({ params }, call) {
        const { pdf, number } = await payments.drawReceipt(params, call)
        const headers = { 'content-disposition': `inline; filename="${number.replaceAll('/', '-')}.pdf"` }
        return { body: Buffer.from(pdf, 'base64'), headers }
      },
    }),
  ]
}

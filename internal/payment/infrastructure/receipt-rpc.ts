import type { PaymentService } from '../../gen/payment/v1/payment_pb.ts'
import { fitting } from '../../platform/message-size.ts'
import type { Handlers } from '../../platform/service.ts'
import { utf8Length } from '../../platform/text.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { drawReceipt, getReceipt, issueReceipt, listReceipts } from '../application/receipts.ts'
import type { ReceiptId } from '../domain/ids.ts'
import { orderIdOf } from './parse-requests.ts'
import { parseSupply, receiptJson } from './receipt-json.ts'

export type ReceiptApp = {
  readonly issueReceipt: ReturnType<typeof issueReceipt>
  readonly listReceipts: ReturnType<typeof listReceipts>
  readonly getReceipt: ReturnType<typeof getReceipt>
  readonly drawReceipt: ReturnType<typeof drawReceipt>
}

export function receiptRpc(app: ReceiptApp) {
  return {
    issueReceipt: async (request, call) => ({
      receipt: receiptJson(await app.issueReceipt(parseSupply(request), call)),
    }),
    async listReceipts({ orderId }, call) {
      const receipts = (await app.listReceipts(orderIdOf(orderId), call)).map(receiptJson)
      const isTooLarge = fitting(receipts, (each) => utf8Length(JSON.stringify(each))) < receipts.length
      return { receipts: isTooLarge ? receipts.map((each) => ({ ...each, lines: [] })) : receipts }
    },
    getReceipt: async ({ id }, call) => ({
      receipt: receiptJson(await app.getReceipt(receiptIdOf(id), call)),
    }),
    async drawReceipt({ id }, call) {
      const { pdf, number } = await app.drawReceipt(receiptIdOf(id), call)
      return { pdf: Buffer.from(pdf).toString('base64'), number }
    },
  } satisfies Partial<Handlers<typeof PaymentService>>
}

const receiptIdOf = (id: string): ReceiptId =>
  parseUuid(id, 'receipt.invalid-id', "a receipt's id") as ReceiptId

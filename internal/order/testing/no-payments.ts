import type { PaymentSchema, ReceiptSchema } from '../../gen/payment/v1/payment_pb.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Receipts } from '../application/issue-receipts.ts'
import type { Till } from '../application/pay-orders.ts'
import type { Payments } from '../application/payments.ts'
import type { PaymentCalls } from '../infrastructure/payment-ports.ts'

/** The payments of a shop at which nobody has paid: no order is covered, unless staff say that its money has come. */
export const noPayments: Payments = {
  async closeGate() {
    failpoint('gate-closed')
    return 'uncovered'
  },
  async recordOffline({ order, lines }) {
    const dueMinor = lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0n)
    return {
      ...{ gateVersion: order.gateVersion + 1, dueMinor, capturedMinor: dueMinor },
      ...{ authorizedMinor: 0n, refundedMinor: 0n, attempt: 'none', flags: [] },
    }
  },
  async creditGoods() {},
  reopenGate: async () => false,
  readMoney: async () => new Map(),
  captureForGoods: async () => undefined,
  takeOver: async () => undefined,
}

export const noTill: Till<Wire<typeof PaymentSchema>> = {
  begin: async () => {
    throw new Refusal('invalid', 'payment.unknown-method', 'nothing can be paid here')
  },
  beginFirst: async () => undefined,
  list: async () => [],
  listOfAll: async () => ({ payments: [], unread: [] }),
  methods: async () => [],
  assign: async () => {
    throw new Refusal('not-found', 'suspense.not-found', 'there is no such money')
  },
}

/** No receipt is ever due where nobody has paid. */
export const noReceipts: Receipts<Wire<typeof ReceiptSchema>> = {
  issue: () => Promise.reject(new Error('nobody pays here')),
  list: async () => [],
  markIssued: async () => undefined,
  missingSince: async () => [],
}

/** For tests in which nobody pays. */
export const noPaymentCalls: PaymentCalls = {
  takeOverOrders: () => Promise.reject(new Error('nobody pays here')),
  captureForGoods: () => Promise.reject(new Error('nobody pays here')),
  listGates: async () => ({ gates: [] }),
  beginPayment: () => Promise.reject(new Error('nobody pays here')),
  closeGate: () => Promise.reject(new Error('nobody pays here')),
  reopenGate: () => Promise.reject(new Error('nobody pays here')),
  listPayments: () => Promise.reject(new Error('nobody pays here')),
  listPaymentsOfOrders: () => Promise.reject(new Error('nobody pays here')),
  listPaymentMethods: () => Promise.reject(new Error('nobody pays here')),
  recordOffline: () => Promise.reject(new Error('nobody pays here')),
  creditGoods: () => Promise.reject(new Error('nobody pays here')),
  assignSuspense: () => Promise.reject(new Error('nobody pays here')),
  issueReceipt: () => Promise.reject(new Error('nobody pays here')),
  listReceipts: async () => ({ receipts: [] }),
}

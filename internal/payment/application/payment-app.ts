import { beginPayment } from './begin-payment.ts'
import { creditGoods } from './credit-goods.ts'
import { captureForGoods, closeGate, listGates, recordOffline, reopenGate } from './gates.ts'
import { capturePayment, getPayment, listPayments, listPaymentsOfOrders, voidPayment } from './payments.ts'
import { drawReceipt, getReceipt, issueReceipt, listReceipts } from './receipts.ts'
import { refundPayment } from './refunds.ts'
import { listRefunds, repeatRefund, settleRefund } from './staff-refunds.ts'
import { assignSuspense, listSuspense, resolveSuspense } from './suspense.ts'
import { listDeadWebhooks, receiveWebhook, requeueWebhook } from './webhooks.ts'

type AppDeps = Parameters<typeof beginPayment>[0] &
  Parameters<typeof getPayment>[0] &
  Parameters<typeof repeatRefund>[0] &
  Parameters<typeof assignSuspense>[0] &
  Parameters<typeof receiveWebhook>[0] &
  Parameters<typeof issueReceipt>[0] &
  Parameters<typeof drawReceipt>[0]

/** What can be asked of the payments. */
export const paymentApp = (deps: AppDeps) => ({
  beginPayment: beginPayment(deps),
  closeGate: closeGate(deps),
  reopenGate: reopenGate(deps),
  listGates: listGates(deps),
  captureForGoods: captureForGoods(deps),
  recordOffline: recordOffline(deps),
  creditGoods: creditGoods(deps),
  refundPayment: refundPayment(deps),
  listRefunds: listRefunds(deps),
  settleRefund: settleRefund(deps),
  repeatRefund: repeatRefund(deps),
  listSuspense: listSuspense(deps),
  assignSuspense: assignSuspense(deps),
  resolveSuspense: resolveSuspense(deps),
  getPayment: getPayment(deps),
  listPayments: listPayments(deps),
  listPaymentsOfOrders: listPaymentsOfOrders(deps),
  capturePayment: capturePayment(deps),
  voidPayment: voidPayment(deps),
  receiveWebhook: receiveWebhook(deps),
  listDeadWebhooks: listDeadWebhooks(deps),
  requeueWebhook: requeueWebhook(deps),
  issueReceipt: issueReceipt(deps),
  listReceipts: listReceipts(deps),
  getReceipt: getReceipt(deps),
  drawReceipt: drawReceipt(deps),
})

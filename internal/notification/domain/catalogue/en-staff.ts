import { rows, text } from '../letter.ts'
import type { StaffWords } from './catalogue.ts'

export const enStaff: StaffWords = {
  'staff.dead-letter': ({ deadLetterId = '', subscription = '', code = '' }) => ({
    subject: 'An event could not be handled',
    blocks: [
      text('An event was given up and waits as a dead letter. Requeue or discard it at /admin/dead-letters.'),
      rows(['Dead letter', deadLetterId], ['Subscription', subscription], ['Reason', code]),
    ],
  }),
  'staff.payment-mismatch': ({ orderId = '', paymentId = '' }) => ({
    subject: 'A payment does not match its order',
    blocks: [
      text('A provider took another currency than was asked for. Nothing is fulfilled until it is settled.'),
      rows(['Order', orderId], ['Payment', paymentId]),
    ],
  }),
  'staff.dispute-opened': ({ orderId = '', paymentId = '' }) => ({
    subject: 'A buyer disputes a payment',
    blocks: [
      text(
        'The buyer has asked his bank for the money. Answer with evidence at the provider before its deadline.',
      ),
      rows(['Order', orderId], ['Payment', paymentId]),
    ],
  }),
  'staff.dispute-lost': ({ orderId = '', paymentId = '' }) => ({
    subject: 'A disputed payment is lost',
    blocks: [
      text(
        'The bank has decided for the buyer, and the money is gone. What was not sent yet can be canceled.',
      ),
      rows(['Order', orderId], ['Payment', paymentId]),
    ],
  }),
  'staff.low-stock': ({ productId = '', sku = '', available = '' }) => ({
    subject: `Stock is low: ${sku}`,
    blocks: [
      text('Fewer units of a product can be ordered than the shop wants to have.'),
      rows(['SKU', sku], ['Units left', available], ['Product', productId]),
    ],
  }),
  'staff.endpoint-paused': ({ endpointId = '', reason = '' }) => ({
    subject: 'A webhook endpoint is paused',
    blocks: [
      text('An endpoint gets no more events until staff resume it at /admin/webhooks.'),
      rows(['Endpoint', endpointId], ['Reason', reason]),
    ],
  }),
}

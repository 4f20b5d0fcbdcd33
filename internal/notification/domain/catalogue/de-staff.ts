import { rows, text } from '../letter.ts'
import type { StaffWords } from './catalogue.ts'

export const deStaff: StaffWords = {
  'staff.dead-letter': ({ deadLetterId = '', subscription = '', code = '' }) => ({
    subject: 'Ein Ereignis konnte nicht verarbeitet werden',
    blocks: [
      text(
        'Ein Ereignis wurde aufgegeben und wartet als „dead letter“. Unter /admin/dead-letters lässt es sich noch einmal zustellen oder verwerfen.',
      ),
      rows(['Dead letter', deadLetterId], ['Subscription', subscription], ['Grund', code]),
    ],
  }),
  'staff.payment-mismatch': ({ orderId = '', paymentId = '' }) => ({
    subject: 'Eine Zahlung passt nicht zu ihrer Bestellung',
    blocks: [
      text(
        'Ein Zahlungsanbieter hat eine andere Währung eingezogen als verlangt. Bis das geklärt ist, wird nichts geliefert.',
      ),
      rows(['Bestellung', orderId], ['Zahlung', paymentId]),
    ],
  }),
  'staff.dispute-opened': ({ orderId = '', paymentId = '' }) => ({
    subject: 'Eine Zahlung wird angefochten',
    blocks: [
      text(
        'Der Käufer hat das Geld bei seiner Bank zurückverlangt. Belege sind beim Zahlungsanbieter vor Ablauf der Frist einzureichen.',
      ),
      rows(['Bestellung', orderId], ['Zahlung', paymentId]),
    ],
  }),
  'staff.dispute-lost': ({ orderId = '', paymentId = '' }) => ({
    subject: 'Eine angefochtene Zahlung ist verloren',
    blocks: [
      text(
        'Die Bank hat für den Käufer entschieden, das Geld ist fort. Was noch nicht versandt ist, lässt sich stornieren.',
      ),
      rows(['Bestellung', orderId], ['Zahlung', paymentId]),
    ],
  }),
  'staff.low-stock': ({ productId = '', sku = '', available = '' }) => ({
    subject: `Wenig auf Lager: ${sku}`,
    blocks: [
      text('Von einem Produkt sind weniger Stück bestellbar, als der Shop haben möchte.'),
      rows(['SKU', sku], ['Noch bestellbar', available], ['Produkt', productId]),
    ],
  }),
  'staff.endpoint-paused': ({ endpointId = '', reason = '' }) => ({
    subject: 'Ein Webhook-Endpunkt ist angehalten',
    blocks: [
      text('Ein Endpunkt bekommt keine Ereignisse mehr, bis er unter /admin/webhooks fortgesetzt wird.'),
      rows(['Endpunkt', endpointId], ['Grund', reason]),
    ],
  }),
}

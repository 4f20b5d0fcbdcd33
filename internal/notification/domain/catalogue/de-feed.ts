import type { Catalogue } from './catalogue.ts'

export const deFeed: Catalogue['feed'] = {
  'order.confirmed': (no) => ({
    title: 'Bestellung bestätigt',
    text: `Ihre Bestellung ${no} ist bestätigt.`,
  }),
  'order.rejected': (no) => ({
    title: 'Bestellung nicht angenommen',
    text: `Etwas aus Ihrer Bestellung ${no} ist nicht vorrätig.`,
  }),
  'order.paid': (no) => ({ title: 'Bestellung bezahlt', text: `Ihre Bestellung ${no} ist bezahlt.` }),
  'order.payment-failed': (no) => ({
    title: 'Zahlung fehlgeschlagen',
    text: `Ihre Bestellung ${no} konnte nicht bezahlt werden.`,
  }),
  'order.shipped': (no) => ({
    title: 'Unterwegs',
    text: `Ein Paket Ihrer Bestellung ${no} ist unterwegs.`,
  }),
  'order.delivered': (no) => ({
    title: 'Zugestellt',
    text: `Ein Paket Ihrer Bestellung ${no} wurde zugestellt.`,
  }),
  'order.refunded': (no) => ({
    title: 'Erstattung',
    text: `Geld Ihrer Bestellung ${no} wurde zurückgegeben.`,
  }),
  'return.requested': (no) => ({
    title: 'Rücksendung angemeldet',
    text: `Eine Rücksendung zu Ihrer Bestellung ${no} ist angemeldet.`,
  }),
  'return.approved': (no) => ({
    title: 'Rücksendung genehmigt',
    text: `Die Rücksendung zu Ihrer Bestellung ${no} ist genehmigt.`,
  }),
  'return.declined': (no) => ({
    title: 'Rücksendung abgelehnt',
    text: `Die Rücksendung zu Ihrer Bestellung ${no} ist abgelehnt.`,
  }),
  'return.received': (no) => ({
    title: 'Rücksendung angekommen',
    text: `Die Rücksendung zu Ihrer Bestellung ${no} ist angekommen.`,
  }),
  'return.refunded': (no) => ({
    title: 'Rücksendung erstattet',
    text: `Die Rücksendung zu Ihrer Bestellung ${no} wird erstattet.`,
  }),
  'cart.abandoned': () => ({ title: 'Ihr Warenkorb wartet', text: 'In Ihrem Warenkorb liegt noch etwas.' }),
}

import type { Catalogue } from './catalogue.ts'

export const enFeed: Catalogue['feed'] = {
  'order.confirmed': (no) => ({ title: 'Order confirmed', text: `Your order ${no} is confirmed.` }),
  'order.rejected': (no) => ({
    title: 'Order not accepted',
    text: `Something of your order ${no} is out of stock.`,
  }),
  'order.paid': (no) => ({ title: 'Order paid', text: `Your order ${no} is paid.` }),
  'order.payment-failed': (no) => ({
    title: 'Payment failed',
    text: `Your order ${no} could not be paid.`,
  }),
  'order.shipped': (no) => ({ title: 'On its way', text: `A parcel of your order ${no} has left.` }),
  'order.delivered': (no) => ({ title: 'Delivered', text: `A parcel of your order ${no} was delivered.` }),
  'order.refunded': (no) => ({ title: 'Refund', text: `Money of your order ${no} was given back.` }),
  'return.requested': (no) => ({
    title: 'Return requested',
    text: `A return for your order ${no} was requested.`,
  }),
  'return.approved': (no) => ({
    title: 'Return approved',
    text: `The return for your order ${no} is approved.`,
  }),
  'return.declined': (no) => ({
    title: 'Return declined',
    text: `The return for your order ${no} is declined.`,
  }),
  'return.received': (no) => ({
    title: 'Return received',
    text: `The return for your order ${no} has arrived.`,
  }),
  'return.refunded': (no) => ({
    title: 'Return refunded',
    text: `The return for your order ${no} is refunded.`,
  }),
  'cart.abandoned': () => ({
    title: 'Your cart is waiting',
    text: 'There is still something in your cart.',
  }),
}

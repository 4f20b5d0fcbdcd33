import { orderNumber } from '../facts.ts'
import { parcelName } from './blocks.ts'
import type { Catalogue } from './catalogue.ts'

export const deSms: Catalogue['sms'] = {
  'order.payment-failed': ({ orderId }, { links }) => ({
    words: `Ihre Bestellung ${orderNumber(orderId)} konnte nicht bezahlt werden. Bitte versuchen Sie es erneut.`,
    extras: [links.order(orderId)],
  }),
  'order.hold-ending': ({ orderId, holdUntil }, { links, time }) => ({
    words: `Ihre Bestellung ${orderNumber(orderId)} ist bis ${time(holdUntil)} reserviert. Bitte zahlen Sie bis dahin.`,
    extras: [links.order(orderId)],
  }),
  'order.shipped': (parcel, { links }) => ({
    words: `Ein Paket Ihrer Bestellung ${orderNumber(parcel.orderId)} ist unterwegs.`,
    extras: [parcelName(parcel), links.order(parcel.orderId)],
  }),
  'order.delivered': ({ orderId }, { links }) => ({
    words: `Ein Paket Ihrer Bestellung ${orderNumber(orderId)} wurde zugestellt.`,
    extras: [links.order(orderId)],
  }),
}

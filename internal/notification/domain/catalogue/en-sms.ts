import { orderNumber } from '../facts.ts'
import { parcelName } from './blocks.ts'
import type { Catalogue } from './catalogue.ts'

export const enSms: Catalogue['sms'] = {
  'order.payment-failed': ({ orderId }, { links }) => ({
    words: `Your order ${orderNumber(orderId)} could not be paid. You can try again.`,
    extras: [links.order(orderId)],
  }),
  'order.hold-ending': ({ orderId, holdUntil }, { links, time }) => ({
    words: `Your order ${orderNumber(orderId)} is held until ${time(holdUntil)}. Please pay by then.`,
    extras: [links.order(orderId)],
  }),
  'order.shipped': (parcel, { links }) => ({
    words: `A parcel of your order ${orderNumber(parcel.orderId)} is on its way.`,
    extras: [parcelName(parcel), links.order(parcel.orderId)],
  }),
  'order.delivered': ({ orderId }, { links }) => ({
    words: `A parcel of your order ${orderNumber(orderId)} was delivered.`,
    extras: [links.order(orderId)],
  }),
}

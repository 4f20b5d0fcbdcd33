import { orderNumber, type OrderFacts } from '../facts.ts'
import { lasting } from '../language.ts'
import { link, rows, text } from '../letter.ts'
import { bill, ofOrders, parcel } from './blocks.ts'
import type { Catalogue } from './catalogue.ts'
import { enFeed } from './en-feed.ts'
import { enSms } from './en-sms.ts'
import { enStaff } from './en-staff.ts'

const billWords = {
  ...{ total: 'Total', shipping: 'Shipping', discount: 'Discount', tax: 'Tax' },
  more: (count: number) => `and ${count} more`,
}
const parcelWords = { carrier: 'Carrier', number: 'Tracking number', follow: 'Follow the parcel' }

const ofOrder = ofOrders('See the order')
const no = (facts: OrderFacts): string => orderNumber(facts.orderId)

export const en: Catalogue = {
  greeting: (name) => (name === '' ? 'Hello,' : `Hello ${name},`),
  closing: (shopName) => `Kind regards\n${shopName}`,
  reason: {
    transactional: (shopName) => `${shopName} sends you this because of your account or your order.`,
    optional: (shopName) => `${shopName} sends you this as a reminder.`,
    staff: (shopName) => `${shopName} sends you this because you look after the shop.`,
  },
  unsubscribe: 'Send me no more of these',
  letters: {
    'account.welcome': (_facts, { shopName, links }) => ({
      subject: `Welcome to ${shopName}`,
      blocks: [
        text('Your account is ready. We are glad that you are here.'),
        link('To the shop', links.shop),
      ],
    }),
    'account.email-verification': ({ token, minutes }, { links }) => ({
      subject: 'Please confirm your e-mail address',
      blocks: [
        text(
          `Please confirm that this e-mail address is yours. The link works once, for ${lasting(minutes, 'en')}.`,
        ),
        link('Confirm the address', links.verifyEmail(token)),
        text('If you have not asked for this, you need not do anything.'),
      ],
    }),
    'account.password-reset': ({ token, minutes }, { links }) => ({
      subject: 'Set a new password',
      blocks: [
        text(
          `Somebody, hopefully you, wants to set a new password for your account. The link works once, for ${lasting(minutes, 'en')}.`,
        ),
        link('Set a new password', links.resetPassword(token)),
        text('If it was not you, you need not do anything: your password stays as it is.'),
      ],
    }),
    'order.placed': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `We have received your order ${no(facts)}`,
        text(
          `Thank you. We have received your order ${no(facts)} and check now whether everything is in stock.`,
        ),
        bill(facts, wording, billWords),
      ),
    'order.confirmed': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Your order ${no(facts)} is confirmed`,
        text(`Everything of your order ${no(facts)} is in stock and held for you.`),
        bill(facts, wording, billWords),
      ),
    'order.rejected': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Your order ${no(facts)} could not be accepted`,
        text(
          `We are sorry: something of your order ${no(facts)} is no longer in stock, so we could not accept it. You owe nothing.`,
        ),
      ),
    'order.paid': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Receipt for your order ${no(facts)}`,
        text(`Thank you: your order ${no(facts)} is paid. The receipt is attached.`),
        bill(facts, wording, billWords),
      ),
    'order.payment-failed': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `The payment of your order ${no(facts)} has failed`,
        text(`Your order ${no(facts)} could not be paid. You can try again, or choose another way to pay.`),
      ),
    'order.hold-ending': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Your order ${no(facts)} waits for its payment`,
        text(
          `What you have ordered is held for you until ${wording.time(facts.holdUntil)}. Please pay for order ${no(facts)} by then.`,
        ),
        bill(facts, wording, billWords),
      ),
    'order.shipped': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Your order ${no(facts)} is on its way`,
        text(`A parcel of your order ${no(facts)} has left.`),
        ...parcel(facts, parcelWords),
        bill(facts, wording, billWords),
      ),
    'order.delivered': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Your order ${no(facts)} has arrived`,
        text(`A parcel of your order ${no(facts)} was delivered. We hope that you like what is in it.`),
      ),
    'order.refunded': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Refund for your order ${no(facts)}`,
        text(`We have given money of your order ${no(facts)} back. It may take some days until you see it.`),
        rows(['Refund', wording.money(facts.amountMinor, facts.currency)]),
      ),
    'return.requested': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Your return for order ${no(facts)}`,
        text(
          `We know that you want to send something of your order ${no(facts)} back, and will answer soon.`,
        ),
      ),
    'return.approved': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Your return for order ${no(facts)} is approved`,
        text(`Please send back what you have asked for of your order ${no(facts)}.`),
      ),
    'return.declined': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Your return for order ${no(facts)} is declined`,
        text(
          `We cannot take back what you have asked for of your order ${no(facts)}. Please write to us if you disagree.`,
        ),
      ),
    'return.received': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Your return for order ${no(facts)} has arrived`,
        text(`What you have sent back of your order ${no(facts)} is here. We look at it now.`),
      ),
    'return.refunded': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Your return for order ${no(facts)} is refunded`,
        text(`You get the money back for what you have returned of your order ${no(facts)}.`),
      ),
    'cart.abandoned': (facts, wording) => ({
      subject: `Your cart at ${wording.shopName} is waiting`,
      blocks: [
        text('There is still something in your cart. It is not held for you, and prices may change.'),
        bill(facts, wording, billWords),
        link('To the cart', wording.links.cart),
      ],
    }),
  },
  sms: enSms,
  staff: enStaff,
  feed: enFeed,
}

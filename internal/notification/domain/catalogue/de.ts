import { orderNumber, type OrderFacts } from '../facts.ts'
import { lasting } from '../language.ts'
import { link, rows, text } from '../letter.ts'
import { bill, ofOrders, parcel } from './blocks.ts'
import type { Catalogue } from './catalogue.ts'
import { deFeed } from './de-feed.ts'
import { deSms } from './de-sms.ts'
import { deStaff } from './de-staff.ts'

const billWords = {
  ...{ total: 'Summe', shipping: 'Versand', discount: 'Rabatt', tax: 'Steuer' },
  more: (count: number) => `und ${count} weitere`,
}
const parcelWords = { carrier: 'Versand', number: 'Sendungsnummer', follow: 'Sendung verfolgen' }

const ofOrder = ofOrders('Bestellung ansehen')
const no = (facts: OrderFacts): string => orderNumber(facts.orderId)

export const de: Catalogue = {
  greeting: (name) => (name === '' ? 'Guten Tag,' : `Guten Tag ${name},`),
  closing: (shopName) => `Freundliche Grüße\n${shopName}`,
  reason: {
    transactional: (shopName) => `${shopName} schreibt Ihnen wegen Ihres Kontos oder Ihrer Bestellung.`,
    optional: (shopName) => `${shopName} schreibt Ihnen zur Erinnerung.`,
    staff: (shopName) => `${shopName} schreibt Ihnen, weil Sie den Shop betreuen.`,
  },
  unsubscribe: 'Solche Nachrichten nicht mehr senden',
  letters: {
    'account.welcome': (_facts, { shopName, links }) => ({
      subject: `Willkommen bei ${shopName}`,
      blocks: [text('Ihr Konto ist bereit. Schön, dass Sie da sind.'), link('Zum Shop', links.shop)],
    }),
    'account.email-verification': ({ token, minutes }, { links }) => ({
      subject: 'Bitte bestätigen Sie Ihre E-Mail-Adresse',
      blocks: [
        text(
          `Bitte bestätigen Sie, dass diese E-Mail-Adresse Ihnen gehört. Der Link gilt einmal, ${lasting(minutes, 'de')} lang.`,
        ),
        link('Adresse bestätigen', links.verifyEmail(token)),
        text('Wenn Sie das nicht angefordert haben, müssen Sie nichts tun.'),
      ],
    }),
    'account.password-reset': ({ token, minutes }, { links }) => ({
      subject: 'Neues Passwort setzen',
      blocks: [
        text(
          `Jemand, hoffentlich Sie, möchte für Ihr Konto ein neues Passwort setzen. Der Link gilt einmal, ${lasting(minutes, 'de')} lang.`,
        ),
        link('Neues Passwort setzen', links.resetPassword(token)),
        text('Wenn Sie es nicht waren, müssen Sie nichts tun: Ihr Passwort bleibt, wie es ist.'),
      ],
    }),
    'order.placed': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Ihre Bestellung ${no(facts)} ist eingegangen`,
        text(
          `Vielen Dank. Ihre Bestellung ${no(facts)} ist eingegangen, und wir prüfen nun, ob alles vorrätig ist.`,
        ),
        bill(facts, wording, billWords),
      ),
    'order.confirmed': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Ihre Bestellung ${no(facts)} ist bestätigt`,
        text(`Alles aus Ihrer Bestellung ${no(facts)} ist vorrätig und für Sie zurückgelegt.`),
        bill(facts, wording, billWords),
      ),
    'order.rejected': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Ihre Bestellung ${no(facts)} konnten wir nicht annehmen`,
        text(
          `Es tut uns leid: Etwas aus Ihrer Bestellung ${no(facts)} ist nicht mehr vorrätig, deshalb konnten wir sie nicht annehmen. Sie schulden nichts.`,
        ),
      ),
    'order.paid': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Rechnung zu Ihrer Bestellung ${no(facts)}`,
        text(`Vielen Dank: Ihre Bestellung ${no(facts)} ist bezahlt. Die Rechnung liegt bei.`),
        bill(facts, wording, billWords),
      ),
    'order.payment-failed': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Die Zahlung Ihrer Bestellung ${no(facts)} ist fehlgeschlagen`,
        text(
          `Ihre Bestellung ${no(facts)} konnte nicht bezahlt werden. Sie können es noch einmal versuchen oder anders bezahlen.`,
        ),
      ),
    'order.hold-ending': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Ihre Bestellung ${no(facts)} wartet auf die Zahlung`,
        text(
          `Was Sie bestellt haben, ist bis ${wording.time(facts.holdUntil)} für Sie zurückgelegt. Bitte bezahlen Sie Bestellung ${no(facts)} bis dahin.`,
        ),
        bill(facts, wording, billWords),
      ),
    'order.shipped': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Ihre Bestellung ${no(facts)} ist unterwegs`,
        text(`Ein Paket Ihrer Bestellung ${no(facts)} ist unterwegs.`),
        ...parcel(facts, parcelWords),
        bill(facts, wording, billWords),
      ),
    'order.delivered': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Ihre Bestellung ${no(facts)} ist angekommen`,
        text(
          `Ein Paket Ihrer Bestellung ${no(facts)} wurde zugestellt. Wir hoffen, dass Ihnen alles gefällt.`,
        ),
      ),
    'order.refunded': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Erstattung zu Ihrer Bestellung ${no(facts)}`,
        text(
          `Wir haben Geld Ihrer Bestellung ${no(facts)} zurückgegeben. Bis Sie es sehen, kann es einige Tage dauern.`,
        ),
        rows(['Erstattung', wording.money(facts.amountMinor, facts.currency)]),
      ),
    'return.requested': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Ihre Rücksendung zu Bestellung ${no(facts)}`,
        text(
          `Wir wissen, dass Sie etwas aus Ihrer Bestellung ${no(facts)} zurücksenden möchten, und antworten bald.`,
        ),
      ),
    'return.approved': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Ihre Rücksendung zu Bestellung ${no(facts)} ist genehmigt`,
        text(`Bitte senden Sie zurück, was Sie aus Ihrer Bestellung ${no(facts)} angemeldet haben.`),
      ),
    'return.declined': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Ihre Rücksendung zu Bestellung ${no(facts)} ist abgelehnt`,
        text(
          `Was Sie aus Ihrer Bestellung ${no(facts)} angemeldet haben, können wir nicht zurücknehmen. Bitte schreiben Sie uns, wenn Sie anderer Meinung sind.`,
        ),
      ),
    'return.received': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Ihre Rücksendung zu Bestellung ${no(facts)} ist angekommen`,
        text(
          `Was Sie aus Ihrer Bestellung ${no(facts)} zurückgesandt haben, ist da. Wir sehen es uns nun an.`,
        ),
      ),
    'return.refunded': (facts, wording) =>
      ofOrder(
        facts,
        wording,
        `Ihre Rücksendung zu Bestellung ${no(facts)} wird erstattet`,
        text(
          `Sie erhalten das Geld zurück für das, was Sie aus Ihrer Bestellung ${no(facts)} zurückgesandt haben.`,
        ),
      ),
    'cart.abandoned': (facts, wording) => ({
      subject: `Ihr Warenkorb bei ${wording.shopName} wartet`,
      blocks: [
        text(
          'In Ihrem Warenkorb liegt noch etwas. Es ist nicht zurückgelegt, und Preise können sich ändern.',
        ),
        bill(facts, wording, billWords),
        link('Zum Warenkorb', wording.links.cart),
      ],
    }),
  },
  sms: deSms,
  staff: deStaff,
  feed: deFeed,
}

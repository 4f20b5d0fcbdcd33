import t from 'tap'
import type { Wording } from './catalogue/catalogue.ts'
import { catalogues } from './catalogue/catalogues.ts'
import type { FactsOf } from './facts.ts'
import { smsKinds, type SmsKind } from './kinds.ts'
import { languages } from './language.ts'
import { fitsOneSms, smsText, type Sms } from './sms.ts'

const link = 'https://shop.example/orders/019b0000-0000-7000-8000-0000deadbeef'
const order = {
  ...{ orderId: '019b0000-0000-7000-8000-0000deadbeef', currency: 'EUR', totalMinor: 2_500n, reason: '' },
  ...{ shippingMinor: 500n, discountMinor: 0n, addedTaxMinor: 0n, lines: [] },
}
const parcel = { ...order, carrier: 'DHL', trackingNumber: '00340434161094021501', trackingUrl: '' }
const factsOf: { readonly [Each in SmsKind]: FactsOf[Each] } = {
  'order.payment-failed': order,
  'order.hold-ending': { ...order, holdUntil: new Date('2026-11-29T22:45:00.000Z') },
  'order.shipped': parcel,
  'order.delivered': parcel,
}
const wordingIn = (language: string): Wording => ({
  shopName: 'Our Shop',
  links: {
    ...{ order: (id) => `https://shop.example/orders/${id}`, cart: '', shop: '' },
    ...{ verifyEmail: () => '', resetPassword: () => '' },
  },
  time: (at) =>
    `${at.toLocaleString(language, { timeZone: 'UTC', dateStyle: 'medium', timeStyle: 'short' })} UTC`,
  money: () => '',
})

for (const language of languages) {
  t.test(`every text message in ${language} names the shop and the order, and is one message`, (t) => {
    for (const kind of smsKinds) {
      const write = catalogues[language].sms[kind] as (facts: object, wording: Wording) => Sms
      const text = smsText(write(factsOf[kind], wordingIn(language)), 'Our Shop')
      t.match(text, /^Our Shop: .*DEADBEEF.*\.( |$)/, kind)
      t.ok(fitsOneSms(text), `${kind}: ${text}`)
      if (kind !== 'order.hold-ending') t.ok(text.endsWith(link), `${kind} has its link: ${text}`)
    }
    const { 'order.shipped': shipped } = catalogues[language].sms
    t.match(smsText(shipped(parcel, wordingIn(language)), 'Our Shop'), 'DHL 00340434161094021501')
    t.end()
  })
}

t.test('what does not fit is left out, and the next may fit', (t) => {
  const sms = { words: 'w'.repeat(100), extras: ['', 'x'.repeat(60), 'y'.repeat(50)] }
  t.equal(smsText(sms, 'S'), `S: ${'w'.repeat(100)} ${'y'.repeat(50)}`)
  t.end()
})

t.test('160 signs of GSM are one message, of others 70', (t) => {
  t.ok(fitsOneSms('ä'.repeat(160)))
  t.notOk(fitsOneSms('ä'.repeat(161)))
  t.ok(fitsOneSms('€'.repeat(80)))
  t.notOk(fitsOneSms('€'.repeat(81)), 'some take two places')
  t.ok(fitsOneSms('č'.repeat(70)))
  t.notOk(fitsOneSms('č'.repeat(71)))
  t.notOk(fitsOneSms('🏠'.repeat(36)), 'an emoji takes two')
  t.end()
})

t.test('signs that only typesetters need are written with those of every phone', (t) => {
  t.equal(
    smsText({ words: 'at 12:00\u202fPM\u00a0– “now”…', extras: [] }, 'Ada’s'),
    `Ada's: at 12:00 PM - "now"...`,
  )
  t.end()
})

import t from 'tap'
import type { Wording } from './catalogue/catalogue.ts'
import { catalogues } from './catalogue/catalogues.ts'
import type { FactsOf } from './facts.ts'
import { channelsOf, kinds, staffKinds, type CustomerKind } from './kinds.ts'
import { languages, lasting } from './language.ts'
import { asBrief, asHtml, asText, link, rows, text, type Letter } from './letter.ts'

const frame = { language: 'en', greeting: 'Hello Ada,', closing: 'Bye', footer: [text('Because.')] }
const hostile = `<script>alert("x")</script> & 'quotes'`

t.test('the HTML escapes whatever a shop or a customer has named', (t) => {
  const letter: Letter = {
    subject: hostile,
    blocks: [text(hostile), rows([hostile, hostile]), link(hostile, `https://shop.example/?a="><img src=x>`)],
  }
  const html = asHtml(letter, { ...frame, greeting: hostile, closing: hostile, footer: [text(hostile)] })
  t.notMatch(html, /<script|<img/)
  t.match(html, '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;quotes&#39;')
  t.match(html, 'href="https://shop.example/?a=&quot;&gt;&lt;img src=x&gt;"')
  t.end()
})

t.test('a link that is none leads nowhere', (t) => {
  const letter = { subject: 's', blocks: [link('Follow', 'javascript:alert(1)')] }
  t.notMatch(asHtml(letter, frame), 'javascript:')
  t.end()
})

t.test('the plain text has the same words and links', (t) => {
  const letter = {
    subject: 's',
    blocks: [text('One.'), rows(['a', '1'], ['b', '2']), link('See it', 'https://shop.example/x')],
  }
  t.equal(
    asText(letter, frame),
    'Hello Ada,\n\nOne.\n\na: 1\nb: 2\n\nSee it:\nhttps://shop.example/x\n\nBye\n\n-- \nBecause.\n',
  )
  t.end()
})

const order = {
  ...{ orderId: '019b0000-0000-7000-8000-0000deadbeef', currency: 'EUR', totalMinor: 2_500n, reason: '' },
  ...{ shippingMinor: 500n, discountMinor: 100n, addedTaxMinor: 0n },
  lines: [{ name: hostile, quantity: 2, amountMinor: 2_100n }],
}
const parcel = { ...order, carrier: 'Post', trackingNumber: 'T-1', trackingUrl: 'https://post.example/T-1' }
const factsOf: { readonly [Each in CustomerKind]: FactsOf[Each] } = {
  'account.welcome': {},
  'account.email-verification': { token: 'tok en', minutes: 30 },
  'account.password-reset': { token: 'tok en', minutes: 30 },
  'order.placed': order,
  'order.confirmed': order,
  'order.rejected': order,
  'order.paid': order,
  'order.payment-failed': order,
  'order.hold-ending': { ...order, holdUntil: new Date('2026-11-29T12:00:00.000Z') },
  'order.shipped': parcel,
  'order.delivered': parcel,
  'order.refunded': { ...order, amountMinor: 100n },
  'return.requested': order,
  'return.approved': order,
  'return.declined': order,
  'return.received': order,
  'return.refunded': order,
  'cart.abandoned': order,
}
const wording: Wording = {
  shopName: 'Our Shop',
  links: {
    order: (id) => `https://shop.example/orders/${id}`,
    ...{ cart: 'https://shop.example/cart', shop: 'https://shop.example/' },
    verifyEmail: (token) => `https://shop.example/verify-email?token=${encodeURIComponent(token)}`,
    resetPassword: (token) => `https://shop.example/reset-password?token=${encodeURIComponent(token)}`,
  },
  time: (at) => at.toISOString(),
  money: (minor, currency) => `${minor} ${currency}`,
}

for (const language of languages) {
  t.test(`every kind has words in ${language}: one line as subject, and a link in text and HTML`, (t) => {
    const { letters } = catalogues[language]
    for (const kind of kinds) {
      const write = letters[kind] as (facts: object, wording: Wording) => Letter
      const letter = write(factsOf[kind], wording)
      t.match(letter.subject, /^[^\r\n]{5,80}$/, kind)
      const url = /https:\/\/shop\.example\/[^\s"]+|https:\/\/shop\.example\//
      const [found = ''] = url.exec(asText(letter, frame)) ?? []
      t.ok(asHtml(letter, frame).includes(`href="${found}"`), kind)
    }
    t.end()
  })

  t.test(`staff are told in ${language} which one it is`, (t) => {
    const refs = {
      ...{ deadLetterId: 'the-letter', subscription: 'tell-orders', code: 'message.invalid-order' },
      ...{ orderId: 'the-order', paymentId: 'the-payment' },
      ...{ productId: 'the-product', sku: 'MUG', available: '4' },
      ...{ endpointId: 'the-endpoint', reason: 'http-410' },
    }
    const named = {
      'staff.dead-letter': ['the-letter', 'tell-orders', 'message.invalid-order'],
      'staff.payment-mismatch': ['the-order', 'the-payment'],
      'staff.dispute-opened': ['the-order', 'the-payment'],
      'staff.dispute-lost': ['the-order', 'the-payment'],
      'staff.low-stock': ['the-product', 'MUG', '4'],
      'staff.endpoint-paused': ['the-endpoint', 'http-410'],
    }
    for (const kind of staffKinds) {
      const letter = catalogues[language].staff[kind](refs)
      t.match(letter.subject, /^[^\r\n]{5,80}$/, kind)
      for (const name of named[kind]) t.ok(asBrief(letter).includes(`: ${name}`), `${kind} ${name}`)
    }
    t.end()
  })

  t.test(`every kind of the feed has words in ${language}`, (t) => {
    const withFeed = kinds.filter((kind) => channelsOf(kind).includes('feed'))
    t.same(Object.keys(catalogues[language].feed).sort(), [...withFeed].sort())
    t.end()
  })
}

t.test('what a checkout has added and taken off stands beside the lines', (t) => {
  const letter = catalogues.en.letters['order.placed'](order, wording)
  t.match(asText(letter, frame), 'Discount: -100 EUR\nShipping: 500 EUR\nTotal: 2500 EUR')
  t.end()
})

t.test('the languages differ in every letter', (t) => {
  for (const kind of kinds) {
    const [en, de] = languages.map((language) => {
      const write = catalogues[language].letters[kind] as (facts: object, wording: Wording) => Letter
      return write(factsOf[kind], wording).subject
    })
    t.not(en, de, kind)
  }
  t.end()
})

t.test('a time is told in the largest unit of which there are two', (t) => {
  const told = [1, 30, 119, 120, 2_879, 4_320].map((minutes) => lasting(minutes, 'en'))
  t.same(told, ['1 minute', '30 minutes', '119 minutes', '2 hours', '48 hours', '3 days'])
  t.equal(lasting(4_320, 'de'), '3 Tage')
  t.end()
})

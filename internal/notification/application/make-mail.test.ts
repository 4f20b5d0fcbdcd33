import t from 'tap'
import type { UserId } from '../domain/delivery.ts'
import type { OrderFacts } from '../domain/facts.ts'
import { noPreferences, type Preferences } from '../domain/preferences.ts'
import { shopLinks } from '../infrastructure/shop-links.ts'
import { delivery, later, newOrderId, newUserId, now } from '../testing/fixtures.ts'
import { makeMail } from './make-mail.ts'
import type { BoughtOrder, Owners } from './ports.ts'

const [userId, orderId] = [newUserId(), newOrderId()]
const facts: OrderFacts = {
  ...{ orderId, currency: 'EUR', totalMinor: 123_450n, reason: '' },
  ...{ shippingMinor: 0n, discountMinor: 0n, addedTaxMinor: 0n },
  lines: [{ name: 'Mug', quantity: 2, amountMinor: 123_450n }],
}
const bought: BoughtOrder = {
  ...{ facts, userId, email: '', name: '', heldUntil: undefined },
  ...{ deliveryPhone: undefined, billingPhone: undefined },
}
const pdf = { filename: 'R-1.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-') }

function maker(owners: Partial<Owners> = {}, chosen: Preferences = noPreferences) {
  return makeMail({
    owners: {
      person: async () => ({ email: 'ada@example.com', name: 'Ada', phone: '' }),
      mailRequest: async () => undefined,
      order: async () => bought,
      parcel: async (order) => ({ ...order, carrier: '', trackingNumber: '', trackingUrl: '' }),
      receipt: async () => pdf,
      creditNote: async () => undefined,
      abandonedCart: async () => facts,
      ...owners,
    },
    preferences: { find: async () => new Map<UserId, Preferences>([[userId, chosen]]) },
    ...{
      defaultLanguage: 'en',
      shopName: 'Our Shop',
      links: shopLinks('https://shop.example/'),
      now: () => now,
    },
    unsubscribeUrl: (user, kind) => `https://api.example/u?token=${user}.${kind}`,
  })
}

const ofOrder = (overrides: Parameters<typeof delivery>[0] = {}) =>
  delivery({
    kind: 'order.confirmed',
    recipient: { type: 'order', id: orderId },
    refs: { orderId },
    ...overrides,
  })
const abandoned = delivery({ kind: 'cart.abandoned', recipient: { type: 'user', id: userId } })

t.test('what was given at the checkout counts, and else the address of the account', async (t) => {
  t.match(await maker()(ofOrder()), { mail: { to: { email: 'ada@example.com', name: 'Ada' } } })
  const order = async () => ({ ...bought, email: 'guest@example.com', name: 'Grace' })
  t.match(await maker({ order })(ofOrder()), { mail: { to: { email: 'guest@example.com', name: 'Grace' } } })
  const nobody = async () => ({ ...bought, userId: undefined })
  t.same(await maker({ order: nobody })(ofOrder()), { skip: 'gone' })
})

t.test(
  'it is in the language that its reader has chosen, with amounts as they are written there',
  async (t) => {
    const made = await maker({}, { ...noPreferences, language: 'de' })(ofOrder())
    t.match(made, { mail: { subject: /ist bestätigt$/, text: /Summe: 1\.234,50\s€/ } })
    t.match(await maker()(ofOrder()), { mail: { text: /Total: €1,234\.50/ } })
  },
)

t.test('the receipt goes along', async (t) => {
  t.match(await maker()(ofOrder({ kind: 'order.paid' })), { mail: { attachments: [pdf] } })
  t.match(await maker()(ofOrder()), { mail: { attachments: [] } })
})

t.test('only what can be switched off has a link for that', async (t) => {
  const url = `https://api.example/u?token=${userId}.cart.abandoned`
  const made = await maker()(abandoned)
  t.match(made, { mail: { unsubscribeUrl: url } })
  t.ok('mail' in made && made.mail.text.includes(url))
  t.match(await maker()(ofOrder()), { mail: { unsubscribeUrl: undefined } })
  const muted = { ...noPreferences, muted: [{ kind: 'cart.abandoned', channel: 'email' } as const] }
  t.same(await maker({}, muted)(abandoned), { skip: 'muted' })
})

t.test('a link that was used, a cart that was bought and an account that is gone need no mail', async (t) => {
  const reset = delivery({ kind: 'account.password-reset', refs: { requestId: newUserId() } })
  t.same(await maker()(reset), { skip: 'used-or-expired' })
  const mailRequest: Owners['mailRequest'] = async () => ({
    ...{
      kind: 'password-reset',
      email: 'ada@example.com',
      name: '',
      token: 'tok',
      expiresAt: later(1_800_000),
    },
  })
  t.match(await maker({ mailRequest })(reset), {
    mail: { text: /for 30 minutes[^]*https:\/\/shop\.example\/reset-password\?token=tok\n/ },
  })
  const verification = { ...reset, kind: 'account.email-verification' } as const
  t.same(
    await maker({ mailRequest })(verification),
    { skip: 'used-or-expired' },
    'a token is for one purpose',
  )
  t.same(await maker({ abandonedCart: async () => undefined })(abandoned), { skip: 'gone' })
  t.same(await maker({ person: async () => undefined })(delivery()), { skip: 'gone' })
})

t.test('that a hold ends is told when a quarter of it is left, an hour before at most', async (t) => {
  const held = (ms: number) => maker({ order: async () => ({ ...bought, heldUntil: later(ms) }) })
  const ending = ofOrder({ kind: 'order.hold-ending', createdAt: later(-600_000) })
  t.match(await held(200_000)(ending), { mail: { text: /held for you until .* UTC/ } })
  t.same(await held(600_000)(ending), { later: later(300_000) }, 'it was prolonged')
  t.same(await held(86_400_000)(ending), { later: later(86_400_000 - 3_600_000) })
  t.same(await maker()(ending), { skip: 'hold-over' }, 'it is paid')
})

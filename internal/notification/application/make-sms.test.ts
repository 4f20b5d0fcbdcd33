import t from 'tap'
import type { UserId } from '../domain/delivery.ts'
import type { OrderFacts } from '../domain/facts.ts'
import { noPreferences, type Preferences } from '../domain/preferences.ts'
import { shopLinks } from '../infrastructure/shop-links.ts'
import { delivery, later, newOrderId, newUserId, now } from '../testing/fixtures.ts'
import { makeSms } from './make-sms.ts'
import type { BoughtOrder, Owners } from './ports.ts'

const [userId, orderId] = [newUserId(), newOrderId()]
const facts: OrderFacts = {
  ...{ orderId, currency: 'EUR', totalMinor: 2_500n, reason: '', lines: [] },
  ...{ shippingMinor: 0n, discountMinor: 0n, addedTaxMinor: 0n },
}
const home = '+447700900123'
const payer = '+4930123456'
const bought: BoughtOrder = {
  ...{ facts, userId, email: '', name: '', heldUntil: undefined },
  ...{ deliveryPhone: home, billingPhone: payer },
}
const none = async () => undefined

function maker(owners: Partial<Owners> = {}, chosen: Preferences = noPreferences) {
  return makeSms({
    owners: {
      person: async () => ({ email: 'ada@example.com', name: 'Ada', phone: '+44 7700 900999' }),
      order: async () => bought,
      parcel: async (order) => ({ ...order, carrier: 'Post', trackingNumber: 'T-1', trackingUrl: '' }),
      ...{ mailRequest: none, receipt: none, creditNote: none, abandonedCart: none },
      ...owners,
    },
    preferences: { find: async () => new Map<UserId, Preferences>([[userId, chosen]]) },
    ...{ defaultLanguage: 'en', shopName: 'Our Shop', links: shopLinks('https://shop.example/') },
    now: () => now,
  })
}

const ofOrder = (overrides: Parameters<typeof delivery>[0] = {}) =>
  delivery({
    ...{ kind: 'order.shipped', channel: 'sms', recipient: { type: 'order', id: orderId } },
    ...{ refs: { orderId, shipmentId: newOrderId() }, ...overrides },
  })
const failed = ofOrder({ kind: 'order.payment-failed' })

t.test('a parcel is announced where it goes, and missing money to whoever pays', async (t) => {
  t.match(await maker()(ofOrder()), { mail: { to: { phone: home }, text: /on its way\. Post T-1 https:/ } })
  t.match(await maker()(ofOrder({ kind: 'order.delivered' })), { mail: { to: { phone: home } } })
  t.match(await maker()(failed), { mail: { to: { phone: payer }, text: /could not be paid/ } })
  const order = async () => ({ ...bought, billingPhone: '' })
  t.same(await maker({ order })(failed), { skip: 'no-number' }, 'it is not the business of the door')
})

t.test('an order without addresses has the number of its account, and no other has', async (t) => {
  const order = async () => ({ ...bought, deliveryPhone: undefined, billingPhone: undefined })
  t.match(await maker({ order })(ofOrder()), { mail: { to: { phone: '+447700900999' } } })
  t.match(await maker({ order })(failed), { mail: { to: { phone: '+447700900999' } } })
  t.same(await maker({ order, person: none })(ofOrder()), { skip: 'gone' })
  const without = async () => ({ ...bought, deliveryPhone: '' })
  t.same(await maker({ order: without })(ofOrder()), { skip: 'no-number' }, 'whoever gave none wants none')
})

t.test('what is no number of E.164 is not sent, and says so', async (t) => {
  for (const deliveryPhone of ['0171 1234567', 'call me', '+12'])
    t.same(await maker({ order: async () => ({ ...bought, deliveryPhone }) })(ofOrder()), {
      skip: 'number-not-e164',
    })
})

t.test('it is in the language of its reader, and not sent where they have switched it off', async (t) => {
  t.match(await maker({}, { ...noPreferences, language: 'de' })(ofOrder()), { mail: { text: /unterwegs/ } })
  const muted = [{ kind: 'order.shipped', channel: 'sms' } as const]
  t.same(await maker({}, { ...noPreferences, muted })(ofOrder()), { skip: 'muted' })
  t.match(await maker({}, { ...noPreferences, muted })(failed), { mail: {} })
})

t.test('a parcel and an order that are gone need none, and a hold has its time', async (t) => {
  t.same(await maker({ order: none })(ofOrder()), { skip: 'gone' })
  t.same(await maker({ parcel: none })(ofOrder()), { skip: 'gone' })
  const ending = ofOrder({ kind: 'order.hold-ending', createdAt: later(-600_000) })
  const held = (ms: number) => maker({ order: async () => ({ ...bought, heldUntil: later(ms) }) })
  t.match(await held(200_000)(ending), { mail: { to: { phone: payer }, text: /is held until .* UTC/ } })
  t.same(await held(600_000)(ending), { later: later(300_000) })
  t.same(await maker()(ending), { skip: 'hold-over' })
})

t.test('no other kind has words', async (t) => {
  await t.rejects(maker()(ofOrder({ kind: 'order.placed' })), /no text message order.placed/)
  await t.rejects(maker()(delivery({ kind: 'order.shipped', channel: 'sms' })), /no text message/)
})

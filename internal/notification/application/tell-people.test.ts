import t from 'tap'
import type { OrderId, UserId } from '../domain/delivery.ts'
import type { Channel } from '../domain/kinds.ts'
import { noPreferences, type Preferences } from '../domain/preferences.ts'
import { later, newDeliveryId, newOrderId, newUserId, news, now } from '../testing/fixtures.ts'
import { inMemoryDeliveries } from '../testing/in-memory-deliveries.ts'
import { tellPeople } from './tell-people.ts'

type World = {
  readonly channels?: readonly Channel[]
  readonly owners?: ReadonlyMap<OrderId, UserId>
  readonly muted?: readonly UserId[]
  readonly mutedSms?: readonly UserId[]
}

const noSms: Preferences = { ...noPreferences, muted: [{ kind: 'order.hold-ending', channel: 'sms' }] }

function world(options: World = {}) {
  const { channels = ['email', 'feed'], muted = [], mutedSms = [] } = options
  const owners = options.owners ?? new Map<OrderId, UserId>()
  const deliveries = inMemoryDeliveries()
  const asked: OrderId[] = []
  let wakes = 0
  const quiet: Preferences = {
    ...noPreferences,
    muted: (['email', 'feed'] as const).map((channel) => ({ kind: 'cart.abandoned', channel })),
  }
  const tell = tellPeople({
    ...{ deliveries, channels, withinMs: 3_600_000, newDeliveryId, now: () => now },
    wake: () => {
      wakes++
    },
    preferences: {
      find: async () =>
        new Map([...muted.map((id) => [id, quiet] as const), ...mutedSms.map((id) => [id, noSms] as const)]),
    },
    owners: {
      async order(orderId) {
        asked.push(orderId)
        const money = { totalMinor: 0n, shippingMinor: 0n, discountMinor: 0n, addedTaxMinor: 0n }
        const facts = { orderId, currency: 'EUR', lines: [], reason: '', ...money }
        const phones = { deliveryPhone: undefined, billingPhone: undefined }
        return { facts, userId: owners.get(orderId), email: '', name: '', ...phones, heldUntil: undefined }
      },
    },
  })
  const told = () =>
    deliveries.all().map(({ kind, channel, recipient, status }) => [kind, channel, recipient.type, status])
  return { tell, told, deliveries, asked, wakes: () => wakes }
}

t.test('a mail goes to the buyer of the order, and an entry into the feed of its user', async (t) => {
  const { tell, told, asked, wakes } = world()
  t.same(await tell([news()]), [undefined])
  t.same(told(), [
    ['order.confirmed', 'email', 'order', 'queued'],
    ['order.confirmed', 'feed', 'user', 'sent'],
  ])
  t.same(asked, [])
  t.equal(wakes(), 1)
})

t.test('an event that comes again tells nobody again', async (t) => {
  const { tell, told, wakes } = world()
  const event = news()
  await tell([event, event])
  await tell([event])
  t.equal(told().length, 2)
  t.equal(wakes(), 1)
})

t.test(
  'where an event does not say whose the order is, its owner is asked, once for each order',
  async (t) => {
    const [orderId, userId] = [newOrderId(), newUserId()]
    const { tell, told, asked } = world({ owners: new Map([[orderId, userId]]) })
    const shipped = () => news({ kind: 'order.shipped', to: { orderId } })
    await tell([shipped(), shipped()])
    t.same(asked, [orderId])
    t.equal(told().filter(([, channel]) => channel === 'feed').length, 2)
  },
)

t.test('a guest gets mails and has no feed', async (t) => {
  const { tell, told } = world()
  await tell([
    news({ to: { orderId: newOrderId(), userId: undefined } }),
    news({ kind: 'order.shipped', to: { orderId: newOrderId() } }),
  ])
  t.same(
    told().map(([kind, channel]) => [kind, channel]),
    [
      ['order.confirmed', 'email'],
      ['order.shipped', 'email'],
    ],
  )
})

t.test('without mails no row waits for them, and nobody is asked anything', async (t) => {
  const { tell, told, asked } = world({ channels: [] })
  await tell([news(), news({ kind: 'order.shipped', to: { orderId: newOrderId() } })])
  t.same([told(), asked], [[], []])
  const feedOnly = world({ channels: ['feed'] })
  await feedOnly.tell([news({ kind: 'order.placed' })])
  t.same(feedOnly.told(), [], 'and that an order was placed is no entry')
})

t.test('a text message goes to the buyer of the order, unless its user has switched it off', async (t) => {
  const [orderId, userId] = [newOrderId(), newUserId()]
  const { tell, told } = world({ channels: ['email', 'sms'], mutedSms: [userId] })
  await tell([
    news({ kind: 'order.hold-ending' }),
    news({ kind: 'order.hold-ending', to: { orderId, userId } }),
    news({ kind: 'order.shipped', to: { orderId: newOrderId() } }),
    news({ kind: 'order.rejected' }),
  ])
  t.same(
    told()
      .filter(([, channel]) => channel === 'sms')
      .map(([kind, , recipient, status]) => [kind, recipient, status]),
    [
      ['order.hold-ending', 'order', 'queued'],
      ['order.shipped', 'order', 'queued'],
    ],
  )
})

t.test('what happened long ago is told to nobody', async (t) => {
  const { tell, told } = world()
  await tell([news({ at: later(-3_600_001) }), news({ at: later(-3_599_000), channels: ['email'] })])
  t.equal(told().length, 1)
})

t.test('only what is a reminder can be switched off', async (t) => {
  const userId = newUserId()
  const { tell, told } = world({ muted: [userId] })
  await tell([
    news({ kind: 'cart.abandoned', to: { userId } }),
    news({ to: { orderId: newOrderId(), userId } }),
  ])
  t.same(
    told().map(([kind]) => kind),
    ['order.confirmed', 'order.confirmed'],
  )
})

import t, { type Test } from 'tap'
import type { PricingService } from '../gen/pricing/v1/pricing_pb.ts'
import { openPool } from '../platform/database.ts'
import { createLog } from '../platform/log.ts'
import { poolSql } from '../platform/pool-sql.ts'
import { createScope } from '../platform/run.ts'
import type { Handlers } from '../platform/service.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { openCartService } from './open-cart-service.ts'
import { customer, guest, newProductId, newUserId, nobody } from './testing/fixtures.ts'
import type { CartId } from './domain/cart.ts'
import { noErasures } from '../platform/testing/no-erasures.ts'

type Quote = Handlers<typeof PricingService>['quote']
type Asked = Parameters<Quote>[0]

async function open(t: Test) {
  const { url } = await testDatabase(t)
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const database = { url, applicationName: 'cart', maxConnections: 5, statementTimeoutMs: 10_000 }
  const productId = newProductId()
  const clock = { aheadMs: 0 }
  const asked: Asked[] = []
  const quote: Quote = async (request) => {
    asked.push(request)
    return {
      totals: {
        itemsMinor: '2500',
        discountMinor: '250',
        shippingMinor: '500',
        taxMinor: '19',
        totalMinor: '2769',
      },
      ...{ lines: [], taxLines: [], explanation: [], currency: 'USD', taxIncluded: false, refusedCodes: [] },
      promotions: [{ promotionId: 'p', code: '', description: 'ten off', amountMinor: '250' }],
      shipping: {
        methodId: '',
        name: '',
        priceMinor: '0',
        discountMinor: '0',
        taxMinor: '0',
        refused: false,
      },
      shippingMethods: [{ id: 'post', name: 'Post', priceMinor: '500' }],
    }
  }
  const { handlers, health } = openCartService(scope, {
    ...{ log, database, wakeProducer: () => undefined, currency: 'USD', user: noErasures },
    inventory: {
      quoteProducts: async ({ productIds }) => ({
        quotes: productIds.map((id) => ({
          ...{
            productId: id,
            sku: 'MUG-1',
            name: 'Mug',
            unitPriceMinor: '1250',
            currency: 'USD',
            available: 7,
          },
          ...{ category: 'kitchen', weightGrams: 300, image: 'https://example.com/mug.png' },
        })),
      }),
    },
    pricing: { quote },
    ...{ abandonedAfterHours: 1, guestsKeptForDays: 1, keeperIntervalMs: 50 },
    now: () => new Date(Date.now() + clock.aheadMs),
  })
  const sql = poolSql(openPool(scope, log, { ...database, applicationName: 'test' }))
  const events = () =>
    sql.$queryRawUnsafe<{ readonly subject: string; readonly data: string }[]>(
      'select subject, data from producer.outbox order by seq',
    )
  const add = { productId, quantity: 2, attributes: { engraving: 'For Ada Lovelace' } }
  return { handlers, health, sql, events, asked, add, clock, productId }
}

const address = {
  ...{ name: 'Ada Lovelace', line1: '12 St James Square', line2: '', city: 'London', region: '' },
  ...{ postalCode: 'SW1Y 4JH', country: 'gb', phone: '020 7946 0958' },
}

t.test('a cart is shown as pricing prices it', async (t) => {
  const { handlers, asked, add, productId } = await open(t)
  const userId = newUserId()
  const call = customer(userId)
  await handlers.addItem(add, call)
  const delivery = { address, shippingMethod: 'post' }
  const { cart } = await handlers.setDelivery({ delivery }, call)
  t.match(cart, {
    version: 2,
    items: [
      { image: 'https://example.com/mug.png', lineTotalMinor: '2500', attributes: { engraving: String } },
    ],
    delivery: { address: { country: 'GB', phone: '+442079460958' }, shippingMethod: 'post' },
    totals: { totalMinor: '2769', taxMinor: '19' },
    promotions: [{ code: '', description: 'ten off' }],
  })
  t.match(asked.at(-1), {
    lines: [{ productId, quantity: 2, category: 'kitchen', weightGrams: 300, unitPriceMinor: '1250' }],
    destination: { country: 'GB', postalCode: 'SW1Y 4JH' },
    shippingMethodId: 'post',
    customerKey: userId,
  })
  t.match(await handlers.listShippingMethods({ country: 'de' }, call), {
    methods: [{ id: 'post', priceMinor: '500' }],
    currency: 'USD',
  })
  t.equal(asked.at(-1)?.destination.country, 'DE')
})

t.test('events tell of no person: no address, no attributes, no code', async (t) => {
  const { handlers, events, add } = await open(t)
  const { cart } = await handlers.addItem(add, nobody)
  const call = guest(cart.id as CartId)
  await handlers.setDelivery({ delivery: { address } }, call)
  await handlers.addPromotion({ code: 'ADA-10' }, call)
  await handlers.mergeCarts({ guestCartId: cart.id }, customer())
  const told = await events()
  t.same(
    told.map(({ subject }) => subject),
    ['cart.item_added', 'cart.delivery_changed', 'cart.promotions_changed', 'cart.merged', 'cart.merged'],
  )
  for (const { data } of told) t.notMatch(data, /Ada|ADA|London|SW1Y|7946/)
})

t.test('the keeper abandons a cart, and removes a guest with the events', async (t) => {
  const { handlers, events, add, clock, sql } = await open(t)
  const call = customer()
  await handlers.addItem(add, call)
  const { cart } = await handlers.addItem(add, nobody)
  clock.aheadMs = 3 * 3_600_000
  await eventually('both are abandoned', async () => {
    const told = await events()
    return told.filter(({ subject }) => subject === 'cart.abandoned').length === 2
  })
  t.match(await handlers.addItem(add, call), { cart: { status: 'active', version: 3 } })
  clock.aheadMs = 50 * 3_600_000
  await sql.$executeRawUnsafe('delete from producer.outbox')
  await eventually("the guest's is gone", async () => {
    const { cart: now } = await handlers.getCart({}, guest(cart.id as CartId))
    return now.version === 0
  })
  t.match(await handlers.getCart({}, call), { cart: { items: { length: 1 } } })
})

t.test('only services lock, unlock and order', async (t) => {
  const { handlers, add, health } = await open(t)
  const call = customer()
  const { cart } = await handlers.addItem(add, call)
  const order = { cartId: cart.id, version: 1, orderId: newProductId() }
  const attempts: readonly (() => Promise<unknown>)[] = [
    () => handlers.lockCart(order, call),
    () => handlers.unlockCart(order, call),
    () => handlers.orderCart(order, call),
    () => handlers.listLockedCarts({ olderThanSeconds: 0, limit: 1 }, call),
  ]
  for (const attempt of attempts) await t.rejects(attempt(), { code: 'auth.forbidden' })
  t.match(await health.checkReadiness({}, call), { checks: [{ ready: true }] })
})

t.test('what is no address is refused, and its field is named', async (t) => {
  const { handlers, add } = await open(t)
  const call = customer()
  await handlers.addItem(add, call)
  const refused = async (change: object, field: string) =>
    t.rejects(handlers.setDelivery({ delivery: { address: { ...address, ...change } } }, call), {
      code: 'address.invalid',
      details: { field },
    })
  await refused({ country: 'ZZ' }, 'country')
  await refused({ country: 'DEU' }, 'country')
  await refused({ phone: '12' }, 'phone')
  await refused({ name: '  ' }, 'name')
  await refused({ city: 'a\nb' }, 'city')
  await refused({ postalCode: 'x'.repeat(21) }, 'postalCode')
  for (const code of ['', ' ', 'x'.repeat(65), 'a\nb'])
    await t.rejects(handlers.addPromotion({ code }, call), { code: 'promotion.invalid-code' })
})

import t from 'tap'
import { systemCall, type Call } from '../platform/call.ts'
import { createLog } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import { createScope } from '../platform/run.ts'
import { testDatabase } from '../platform/testing/database.ts'
import type { InventoryCalls } from './infrastructure/inventory-products.ts'
import { openAnalyticsService } from './open-analytics-service.ts'
import { lamp, mug } from './testing/fixtures.ts'

type Product = Awaited<ReturnType<InventoryCalls['readProducts']>>['products'][number]

const log = createLog('test', 'silent')
const scope = createScope(log, (err) => t.error(err))
t.teardown(() => scope.close())
const database = {
  ...{ url: (await testDatabase(t)).url, applicationName: 'analytics' },
  ...{ maxConnections: 2, statementTimeoutMs: 10_000 },
}

/** It reads one product at a time, as if no more fitted into an answer. The lamp is gone. */
const inventory: InventoryCalls = {
  async readProducts({ ids: [first, ...unreadIds] }) {
    const named = { id: first, name: 'Mug', category: 'kitchen' } as Partial<Product>
    return { products: first === mug ? [named as Product] : [], unreadIds }
  },
}

const { handlers, reactions, health } = await openAnalyticsService(scope, { log, database, inventory })
const system = systemCall('test')
const staff: Call = {
  ...system,
  actor: { kind: 'user', userId: newId(), role: 'staff', permissions: ['analytics:read'] },
}

const ask = (metric: string, by = 'day', call = staff) =>
  handlers.readFigures({ metric, by, from: '', to: '', currency: 'EUR', limit: 0 }, call)

const view = (productId: string, count = 1) => ({ what: 'views', productId, count })

t.test('a batch of visits counts once', async (t) => {
  const batch = {
    ...{ batchId: newId(), at: new Date().toISOString() },
    visits: [view(mug, 3), view(lamp), { what: 'searches', productId: '', count: 2 }],
  }
  await handlers.countVisits(batch, system)
  await handlers.countVisits(batch, system)
  t.match(await ask('views'), { unit: 'number', total: '4', figures: { length: 30 } })
  t.match(await ask('searches'), { total: '2' })
  t.strictSame((await ask('views', 'product')).figures, [
    { key: mug, name: 'Mug', value: '3' },
    { key: lamp, name: '', value: '1' },
  ])
  t.strictSame((await ask('views', 'category')).figures, [
    { key: 'kitchen', name: '', value: '3' },
    { key: '', name: '', value: '1' },
  ])
})

t.test('visits are told by services, and as they are', async (t) => {
  const batch = { batchId: newId(), at: new Date().toISOString(), visits: [view(mug)] }
  await t.rejects(handlers.countVisits(batch, staff), { code: 'auth.forbidden' })
  for (const wrong of [
    { batchId: 'x' },
    { at: 'now' },
    { visits: [{ ...view(mug), what: 'toString' }] },
    { visits: [view(mug, 0)] },
    { visits: [view('mug')] },
    { visits: Array.from({ length: 5_001 }, () => view(mug)) },
  ])
    await t.rejects(handlers.countVisits({ ...batch, ...wrong }, system), {
      code: 'analytics.invalid-visits',
    })
})

t.test('figures are for those who may see them', async (t) => {
  const actor = { kind: 'user', userId: newId(), role: 'staff', permissions: [] } as const
  await t.rejects(ask('views', 'day', { ...system, actor }), { code: 'auth.permission-missing' })
})

t.test('an order that is told by events is a figure, and told again it is the same', async (t) => {
  const at = new Date().toISOString()
  const history = [{ status: 'confirmed', at, reason: '' }]
  const items = [{ productId: mug, quantity: 2, unitPriceMinor: '500' }]
  const order = { id: newId(), totalMinor: '1000', currency: 'EUR', items, history }
  const event = {
    ...{ id: newId(), type: 'tillstream.order.confirmed.v1', correlationId: '', traceparent: '', time: at },
    ...{ subject: 'order.confirmed', data: { order } },
  }
  for (let time = 0; time < 2; time++)
    t.same(await reactions.react({ reaction: 'count-confirmed', events: [event] }, system), { refused: [] })
  t.match(await ask('sales'), { unit: 'minor', total: '1000' })
  t.match(await ask('units', 'product'), { figures: [{ key: mug, value: '2' }] })
})

t.test('it is ready when its database answers', async (t) => {
  t.match(await health.checkReadiness({}, system), { checks: [{ name: 'analytics database', ready: true }] })
})

import t from 'tap'
import type { FactKind, ProductId } from '../domain/fact.ts'
import type { Counts } from './ports.ts'
import { readFigures, type Question } from './read-figures.ts'

const [mug, lamp, gone] = ['mug', 'lamp', 'gone'] as unknown as readonly ProductId[]
const names = new Map([
  [mug, { name: 'Mug', category: 'kitchen' }],
  [lamp, { name: 'Lamp', category: '' }],
])

const hours: Partial<Record<FactKind, readonly (readonly [string, bigint])[]>> = {
  ordered: [
    ['2026-11-30T01:00:00Z', 3n],
    ['2026-11-30T20:00:00Z', 4n],
  ],
  carted: [['2026-11-30T01:00:00Z', 8n]],
  'cart-ordered': [['2026-11-30T01:00:00Z', 3n]],
}

const counts: Counts = {
  byHour: async ({ of }) => (hours[of] ?? []).map(([hour, value]) => ({ hour: new Date(hour), value })),
  byProduct: async (_asked, limit) =>
    [
      { productId: mug!, value: 5n },
      { productId: gone!, value: 2n },
      { productId: lamp!, value: 2n },
    ].slice(0, limit),
}

const read = readFigures({
  counts,
  catalogue: {
    describe: async (ids) =>
      new Map([...names].flatMap(([id, it]) => (id && ids.includes(id) ? [[id, it]] : []))),
  },
  now: () => new Date('2026-11-30T22:15:00Z'),
})

const ask = (question: Partial<Question>) =>
  read({ metric: 'orders', by: 'day', from: '', to: '', currency: 'EUR', limit: 100, ...question })

t.test('each day has a figure, also those on which nothing happened', async (t) => {
  const { unit, figures, total } = await ask({ from: '2026-11-29', to: '2026-11-30' })
  t.same(
    figures.map(({ key, value }) => [key, value]),
    [
      ['2026-11-29', 0n],
      ['2026-11-30', 7n],
    ],
  )
  t.same([unit, total], ['number', 7n])
})

t.test('a conversion is a share of carts, and none without carts', async (t) => {
  const { unit, figures, total } = await ask({
    metric: 'conversion',
    by: 'hour',
    from: '2026-11-30T00:00:00Z',
  })
  t.same(
    figures.slice(0, 2).map(({ value }) => value),
    [0n, 375_000n],
  )
  t.same([unit, total], ['ppm', 375_000n])
})

t.test('products have their names, and the total is that of the shop', async (t) => {
  const { figures, total } = await ask({ by: 'product', limit: 2 })
  t.same(figures, [
    { key: 'mug', name: 'Mug', value: 5n },
    { key: 'gone', name: '', value: 2n },
  ])
  t.equal(total, 7n)
})

t.test('a product counts for the category in which it is, and for none when it is gone', async (t) => {
  const { unit, figures } = await ask({ by: 'category', metric: 'sales', limit: 1 })
  t.equal(unit, 'minor')
  t.same(figures, [
    { key: 'kitchen', name: '', value: 5n },
    { key: '', name: '', value: 4n },
  ])
})

t.test('what is not counted is refused', async (t) => {
  const refused = (question: Partial<Question>, code: string) =>
    t.rejects(ask(question), { kind: 'invalid', code })
  await refused({ metric: 'profit' }, 'analytics.unknown-metric')
  await refused({ metric: 'toString' }, 'analytics.unknown-metric')
  await refused({ by: 'week' }, 'analytics.unknown-by')
  await refused({ metric: 'searches', by: 'product' }, 'analytics.not-by')
})

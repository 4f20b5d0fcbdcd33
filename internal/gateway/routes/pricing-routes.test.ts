import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { promotion, shippingMethod } from '../testing/fake-pricing.ts'
import { fakeServices } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

const { id } = shippingMethod
const admin = { as: 'admin' } as const

t.test('rules are shown with decimals and percentages, and their versions as ETags', async (t) => {
  const { send } = await testGateway(t)
  const shown = async (path: string) => {
    const answer = await send(`GET /admin/${path}/${id}`, admin)
    t.equal(answer.headers.etag, '"3"')
    return answer.json<object>()
  }
  const { createdAt, updatedAt } = shippingMethod
  const kept = { id, version: 3, createdAt, updatedAt }
  t.strictSame(await shown('shipping-methods'), {
    ...kept,
    ...{
      name: 'Standard',
      countries: ['DE'],
      price: 4.9,
      perKilogram: 1,
      estimate: '2 days',
      currency: 'USD',
    },
  })
  t.strictSame(await shown('tax-rates'), { ...kept, country: 'DE', category: 'books', percent: 7 })
  t.strictSame(await shown('promotions'), {
    ...{ ...kept, code: 'SAVE', description: '5 USD off', kind: 'amount', value: 5, minimum: 20 },
    ...{ products: [], categories: ['books'], redeemed: 2, currency: 'USD' },
  })
})

t.test('lists have a cursor while there is more', async (t) => {
  const { send, asked } = await testGateway(t)
  const first = (await send('GET /admin/shipping-methods?limit=1', admin)).json<{ nextCursor: string }>()
  t.match(first, { data: [{ id, price: 4.9 }], nextCursor: String })
  await send(`GET /admin/shipping-methods?cursor=${first.nextCursor}`, admin)
  t.match(
    asked.map(({ request }) => request),
    [{ limit: 1 }, { limit: 20, afterId: id }],
  )
  t.match((await send('GET /admin/tax-rates', admin)).json(), { nextCursor: null })
  t.match((await send('GET /admin/promotions', admin)).json(), { nextCursor: null, data: [{ value: 5 }] })
  const other = await send(`GET /admin/promotions?cursor=${first.nextCursor}`, admin)
  t.equal(other.statusCode, 400)
})

t.test('new rules are told in decimals of whatever currency they will have', async (t) => {
  const { send, asked } = await testGateway(t)
  const method = await send('POST /admin/shipping-methods', {
    ...admin,
    body: { name: 'Standard', price: 4.9, freeFrom: 50 },
  })
  t.equal(method.statusCode, 201)
  t.match(method.headers, { location: `/admin/shipping-methods/${id}`, etag: '"3"' })
  await send('POST /admin/tax-rates', { ...admin, body: { country: 'DE', percent: 8.875, region: 'BY' } })
  const made = await send('POST /admin/promotions', {
    ...admin,
    body: { kind: 'percent', value: 12.5, code: 'SAVE', limit: 10, to: '2026-12-01T00:00:00Z' },
  })
  t.equal(made.headers['idempotent-replayed'], 'true')
  t.strictSame(
    asked.map(({ request }) => JSON.parse(JSON.stringify(request)) as object),
    [
      { name: 'Standard', countries: [], price: '4.9', freeFrom: '50' },
      { country: 'DE', region: 'BY', ratePpm: 88_750 },
      {
        ...{ kind: 'percent', value: '12.5', code: 'SAVE', limit: 10, to: '2026-12-01T00:00:00Z' },
        ...{ products: [], categories: [] },
      },
    ],
  )
})

t.test('a change says what changes, what goes, and of which version', async (t) => {
  const { send, asked } = await testGateway(t)
  const change = (path: string, body: object) =>
    send(`PATCH /admin/${path}/${id}`, { ...admin, body, headers: { 'if-match': '"3"' } })
  const statuses = [
    await change('shipping-methods', { perKilogram: null, freeFrom: 20, countries: [] }),
    await change('tax-rates', { percent: 0, category: null }),
    await change('promotions', { value: 3, limitPerCustomer: null, code: null, products: [id] }),
  ].map(({ statusCode }) => statusCode)
  t.strictSame(statuses, [200, 200, 200])
  const changed = { id, expectedVersion: 3 }
  t.match(
    asked.map(({ request }) => request),
    [
      {
        ...{ ...changed, perKilogram: undefined, freeFrom: '20', cleared: ['per_kilogram'] },
        countries: { replace: true, countries: [] },
      },
      { ...changed, ratePpm: 0, cleared: ['category'] },
      {
        ...{ ...changed, value: '3', cleared: ['limit_per_customer', 'code'] },
        ...{ products: { replace: true, texts: [id] }, categories: { replace: false } },
      },
    ],
  )
})

t.test(
  'a change of another version fails its precondition, and so does a tag that we never gave',
  async (t) => {
    const refuse = (code: string) => async (): Promise<never> => {
      throw new Refusal('conflict', code, 'changed since')
    }
    const fakes = fakeServices({
      pricing: {
        updateShippingMethod: refuse('shipping-method.version-mismatch'),
        deleteTaxRate: refuse('tax-rate.version-mismatch'),
        updatePromotion: refuse('promotion.version-mismatch'),
      },
    })
    const { send } = await testGateway(t, fakes)
    const headers = { 'if-match': '"2"' }
    for (const [answer, code] of [
      [
        await send(`PATCH /admin/shipping-methods/${id}`, { ...admin, body: { name: 'x' }, headers }),
        'shipping-method',
      ],
      [await send(`DELETE /admin/tax-rates/${id}`, { ...admin, headers }), 'tax-rate'],
      [await send(`PATCH /admin/promotions/${id}`, { ...admin, body: { value: 1 }, headers }), 'promotion'],
      [
        await send(`DELETE /admin/promotions/${id}`, { ...admin, headers: { 'if-match': 'W/"1"' } }),
        'promotion',
      ],
    ] as const)
      t.match(answer.json(), { status: 412, code: `${code}.version-mismatch` })
    t.equal((await send(`DELETE /admin/shipping-methods/${id}`, admin)).statusCode, 204)
  },
)

t.test('what the contract does not take is refused before it reaches the service', async (t) => {
  const { send, asked } = await testGateway(t)
  const wrong: readonly (readonly [string, object])[] = [
    ['POST /admin/shipping-methods', { name: 'x', price: -1 }],
    ['POST /admin/shipping-methods', { name: 'x', price: 1, countries: ['de'] }],
    ['POST /admin/shipping-methods', { name: 'x', price: 1, estimate: null }],
    ['POST /admin/tax-rates', { country: 'DE', percent: 101 }],
    ['POST /admin/promotions', { kind: 'percent', value: 1, code: 'a b' }],
    ['POST /admin/promotions', { kind: 'gift' }],
    ['POST /admin/promotions', { kind: 'percent', value: 1, to: 'tomorrow' }],
    [`PATCH /admin/promotions/${id}`, {}],
    [`PATCH /admin/tax-rates/${id}`, { percent: null }],
  ]
  for (const [route, body] of wrong)
    t.match((await send(route, { ...admin, body })).json(), { status: 400, code: 'request.invalid' }, route)
  t.strictSame(asked, [])
  t.equal(promotion.redeemed, 2)
})

import t, { type Test } from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { fakeServices, ids } from '../testing/fake-services.ts'
import { testGateway, type TestGateway } from '../testing/test-gateway.ts'

type Found = Awaited<ReturnType<ReturnType<typeof fakeServices>['analytics']['readFigures']>>

const range = { from: '2026-11-28T00:00:00.000Z', to: '2026-11-30T00:00:00.000Z' }

const asked: unknown[] = []

const answering = (t: Test, found: Partial<Found>): Promise<TestGateway> => {
  const readFigures = async (request: unknown) => {
    asked.push(request)
    return { ...range, unit: 'number', total: '3', figures: [], ...found }
  }
  return testGateway(t, fakeServices({ analytics: { readFigures } }))
}

const get = ({ send }: TestGateway, query: string, headers: Readonly<Record<string, string>> = {}) =>
  send(`GET /admin/analytics?${query}`, { as: 'admin', headers })

t.test('amounts are decimals of their currency', async (t) => {
  const figures = [{ key: '2026-11-28', name: '', value: '1950' }]
  const gateway = await answering(t, { unit: 'minor', total: '1950', figures })
  t.same((await get(gateway, 'metric=revenue')).json(), {
    ...{ metric: 'revenue', by: 'day', ...range, currency: 'USD', total: 19.5 },
    data: [{ key: '2026-11-28', value: 19.5 }],
  })
  const usual = { metric: 'revenue', by: 'day', from: '', to: '', currency: 'USD', limit: 0 }
  t.same(asked.at(-1), usual)
  const yen = (await get(gateway, 'metric=revenue&currency=JPY&from=2026-11-28&limit=5')).json<{
    total: number
  }>()
  t.equal(yen.total, 1_950)
  t.same(asked.at(-1), { ...usual, currency: 'JPY', from: '2026-11-28', limit: 5 })
})

t.test('a share is a part of one', async (t) => {
  const figures = [{ key: '2026-11-28', name: '', value: '375000' }]
  const answer = await get(await answering(t, { unit: 'ppm', total: '375000', figures }), 'metric=conversion')
  t.match(answer.json(), { total: 0.375, data: [{ value: 0.375 }] })
  t.notOk('currency' in answer.json<object>())
})

t.test('who wants a table gets one', async (t) => {
  const figures = [
    { key: ids.product, name: 'Tea, green', value: '2' },
    { key: ids.order, name: '', value: '1' },
  ]
  const gateway = await answering(t, { figures })
  const table = `product,name,orders\r\n${ids.product},"Tea, green",2\r\n${ids.order},,1\r\n`
  const answers = [
    await get(gateway, 'metric=orders&by=product&format=csv'),
    await get(gateway, 'metric=orders&by=product', { accept: 'text/csv' }),
  ]
  for (const { body, headers } of answers) {
    t.equal(body, table)
    t.equal(headers['content-type'], 'text/csv; charset=utf-8')
    t.equal(headers['content-disposition'], 'attachment; filename="orders-by-product.csv"')
  }
  const json = await get(gateway, 'metric=orders&by=product&format=json', { accept: 'text/csv' })
  t.match(json.json(), { data: [{ key: ids.product, name: 'Tea, green', value: 2 }, { value: 1 }] })
  const byDay = await answering(t, { figures: [{ key: '2026-11-28', name: '', value: '2' }] })
  t.equal((await get(byDay, 'metric=orders&format=csv')).body, 'day,orders\r\n2026-11-28,2\r\n')
})

t.test('what is not counted is refused', async (t) => {
  const refusal = new Refusal('invalid', 'analytics.from-after-to', 'from must be before to')
  const readFigures = async () => Promise.reject(refusal)
  const gateway = await testGateway(t, fakeServices({ analytics: { readFigures } }))
  for (const query of [
    '',
    'metric=profit',
    'metric=orders&by=week',
    'metric=orders&currency=euro',
    'metric=orders&x=1',
  ])
    t.match((await get(gateway, query)).json(), { status: 400, code: 'request.invalid' }, query)
  t.match((await get(gateway, 'metric=orders')).json(), { status: 400, code: 'analytics.from-after-to' })
})

const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' }

/** What the analytics got when the gateway closed. */
async function counted(t: Test, visit: (gateway: TestGateway) => Promise<unknown>) {
  const taken: { readonly what: string; readonly productId: string; readonly count: number }[] = []
  const countVisits = async ({ visits }: { readonly visits: Readonly<typeof taken> }) => {
    taken.push(...visits)
    return {}
  }
  const gateway = await testGateway(t, fakeServices({ analytics: { countVisits } }))
  await visit(gateway)
  await gateway.app.close()
  return taken.map(({ what, productId, count }) => [what, productId, count])
}

t.test('views, searches and sign-ins of people are counted', async (t) => {
  const got = await counted(t, async ({ send }) => {
    for (let count = 0; count < 3; count++) await send(`GET /products/${ids.product}`, { headers: browser })
    await send(`GET /products/${ids.product}`, { as: 'customer', headers: browser })
    await send('GET /products?q=mug', { headers: browser })
    const body = { email: 'ada@example.com', password: 'correct horse' }
    await send('POST /users/login', { headers: browser, body })
  })
  t.same(got, [
    ['views', ids.product, 4],
    ['searches', '', 1],
    ['sign-ins', '', 1],
  ])
})

t.test('nobody else is counted, and nothing that was not shown', async (t) => {
  const got = await counted(t, async ({ send }) => {
    const product = `GET /products/${ids.product}`
    await send(product, { headers: { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' } })
    await send(product, { headers: { 'user-agent': '' } })
    await send(product, { headers: { ...browser, dnt: '1' } })
    await send(product, { headers: { ...browser, 'sec-gpc': '1' } })
    await send(product, { headers: { ...browser, 'sec-purpose': 'prefetch;prerender' } })
    await send(product, { as: 'admin', headers: browser })
    await send(product.replace('GET', 'HEAD'), { headers: browser })
    await send('GET /products/x', { headers: browser })
    await send('GET /products', { headers: browser })
    await send('GET /products?q=%20', { headers: browser })
  })
  t.same(got, [])
})

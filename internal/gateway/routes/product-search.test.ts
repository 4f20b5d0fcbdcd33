import t from 'tap'
import { fakeServices, ids } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

t.test('a list with words is found by the search service and read from the catalogue', async (t) => {
  const { send, asked } = await testGateway(t)
  const path = 'GET /products?q=lamp&category=Lights&maxPrice=4.99&facets=price,%20category'
  const body = (await send(path)).json<{ nextCursor: string }>()
  t.match(body, {
    data: [{ id: ids.product, price: 999.99 }],
    facets: [
      { field: 'price', values: [{ value: '2-4.99', count: 1 }] },
      { field: 'category', values: [{ value: 'lights', count: 1 }] },
    ],
  })
  const request = {
    ...{ query: 'lamp', category: 'Lights', maxPriceMinor: '499', priceCurrency: 'USD', inStock: undefined },
    ...{ sort: 'relevance', limit: 20, after: [], facets: ['price', 'category'] },
  }
  t.match(asked[0], { method: 'searchProducts', request })
  await send(`${path.replace('facets', 'limit=5&facets')}&cursor=${body.nextCursor}`)
  t.match(asked[2]?.request, { ...request, after: ['written', '0', ids.product], limit: 5 })
  t.match((await send(`GET /products?q=mug&cursor=${body.nextCursor}`)).json(), { code: 'cursor.invalid' })
})

t.test('a list is filtered by attributes', async (t) => {
  const { send, asked } = await testGateway(t)
  const path = 'GET /products?attributes.material=Steel&attributes.size=40'
  const { nextCursor } = (await send(`${path}&limit=1`)).json<{ nextCursor: string }>()
  t.match(asked[0], {
    method: 'searchProducts',
    request: { query: '', attributes: { material: 'Steel', size: '40' }, sort: 'newest' },
  })
  t.equal((await send(`${path}&cursor=${nextCursor}`)).statusCode, 200)
  const other = await send(`GET /products?attributes.material=Iron&cursor=${nextCursor}`)
  t.match(other.json(), { code: 'cursor.invalid' })
  for (const query of ['attributes.=x', 'attributes.Material=x', 'attributes=x', 'attribute.a=x'])
    t.match((await send(`GET /products?${query}`)).json(), { code: 'request.invalid' }, query)
  t.match((await send('GET /products?attributes.a=1&attributes.a=2')).json(), { code: 'request.invalid' })
})

t.test('a list has one product of each family when it is asked for, with cursors of its own', async (t) => {
  const { send, asked } = await testGateway(t)
  const path = 'GET /products?groupBy=family&category=lamps&limit=1'
  const { nextCursor } = (await send(path)).json<{ nextCursor: string }>()
  t.match(asked[0], {
    method: 'searchProducts',
    request: { query: '', category: 'lamps', sort: 'newest', byFamily: true },
  })
  t.equal((await send(`${path}&cursor=${nextCursor}`)).statusCode, 200)
  const other = 'GET /products?facets=category&category=lamps&limit=1'
  t.match((await send(`${other}&cursor=${nextCursor}`)).json(), { code: 'cursor.invalid' })
  t.match((await send('GET /products?groupBy=category')).json(), { code: 'request.invalid' })
})

t.test('other lists may be found as well, and the rest stays with the inventory', async (t) => {
  const { send, asked } = await testGateway(t)
  for (const [query, method] of [
    ['facets=category', 'searchProducts'],
    ['sort=relevance', 'searchProducts'],
    ['groupBy=family', 'searchProducts'],
    ['q=%20', 'listProducts'],
    ['', 'listProducts'],
  ] as const) {
    asked.length = 0
    t.equal((await send(`GET /products?${query}`)).statusCode, 200)
    t.equal(asked[0]?.method, method, query)
  }
})

t.test(
  'products that do not fit into one answer are asked for again, and deleted ones left out',
  async (t) => {
    const [first, second, gone] = [ids.product, ids.order, ids.letter]
    const { product } = await fakeServices().inventory.getProduct({ id: first }, call)
    const inventory = {
      readProducts: async ({ ids: wanted }: { readonly ids: readonly string[] }) => ({
        products: wanted.slice(0, 1).flatMap((id) => (id === gone ? [] : [{ ...product, id }])),
        unreadIds: wanted.slice(1),
      }),
    }
    const search = {
      searchProducts: async () => ({ productIds: [second, gone, first], next: [], facets: [] }),
    }
    const { send } = await testGateway(t, fakeServices({ inventory, search }))
    const body = (await send('GET /products?q=x')).json<{ data: { id: string }[] }>()
    t.match(body, { data: [{ id: second }, { id: first }], nextCursor: null })
    t.equal(body.data.length, 2)
  },
)

t.test(
  'a product is indexed before its change is answered, and a failure of that costs only the moment',
  async (t) => {
    const indexed: unknown[] = []
    const search = {
      indexProducts: async (request: unknown) => {
        indexed.push(request)
        throw new Error('the search service is away')
      },
    }
    const { send } = await testGateway(t, fakeServices({ search }))
    const body = { name: 'Mug', category: 'kitchen', price: 1, stock: 7 }
    t.equal((await send('POST /products', { as: 'admin', body })).statusCode, 201)
    const path = `/products/${ids.product}`
    t.equal((await send(`PATCH ${path}`, { as: 'admin', body: { name: 'Cup' } })).statusCode, 200)
    t.equal((await send(`DELETE ${path}`, { as: 'admin' })).statusCode, 204)
    t.strictSame(indexed, Array(3).fill({ productIds: [ids.product] }))
  },
)

const call = { actor: undefined, correlationId: '', traceparent: '' }

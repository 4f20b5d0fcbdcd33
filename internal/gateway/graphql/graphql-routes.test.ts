import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { family, fakeServices, ids, member, order, product } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'
import { codesOf, querying } from './testing/query.ts'

const many = (count: number, prefix = 'a') =>
  Array.from({ length: count }, (_, n) => `01920000-0000-7000-8000-${prefix}${String(n).padStart(11, '0')}`)

t.test('what REST shows of each thing is in the schema', async (t) => {
  const gateway = await testGateway(t)
  const { body, headers } = await gateway.send('GET /graphql/schema')
  t.match(headers['content-type'], /^text\/plain/)
  t.match(body, 'type Query {')
  t.match(body, 'products(category: String, q: String, minPrice: Float')
  t.notMatch(body, 'token', 'a token is shown once, to whoever makes the cart')
})

t.test('a long page of orders asks as often as a short one', async (t) => {
  const text = `query ($first: Int) { orders(first: $first) { nodes { id
    payments { id } shipments { id lines { product { name } } } items { product { sku } } } } }`
  const asks = async (count: number) => {
    const orders = many(count).map((id) => ({ ...order, id }))
    const fakes = fakeServices({ orders: { listOrders: async () => ({ orders, nextId: undefined }) } })
    const query = querying(await testGateway(t, fakes))
    const { data, errors } = await query(text, { as: 'customer' }, { variables: { first: count } })
    t.equal(errors, undefined)
    const { nodes } = data?.orders as {
      nodes: { payments: object[]; shipments: object[]; items: object[] }[]
    }
    t.equal(nodes.length, count)
    for (const { payments, shipments, items } of nodes) {
      t.same([payments.length, shipments.length], [1, 1])
      t.match(items, [{ product: { sku: 'MUG-1' } }])
    }
    return fakes.asked.map(({ method }) => method).sort()
  }
  const short = await asks(1)
  t.same(
    new Set(short),
    new Set(['listOrders', 'listPaymentsOfOrders', 'listShipmentsOfOrders', 'readProducts']),
  )
  t.same(await asks(50), short)
})

t.test(
  'families of a long page are asked for together, and those of products that have none are not',
  async (t) => {
    const text = `{ products(first: 50) { nodes { id family { values { values } products { name product { sku } } } } } }`
    const families = many(3, 'f')
    const products = many(50).map((id, n) => ({
      ...product,
      id,
      familyId: n < 40 ? families[n % 3] : undefined,
    }))
    const fakes = fakeServices({
      inventory: {
        listProducts: async () => ({ products }),
        readFamilies: async ({ ids: [first = '', ...rest] }) => ({
          families: [{ family: { ...family, id: first }, members: [member] }],
          unreadIds: rest,
        }),
      },
    })
    const { data, errors } = await querying(await testGateway(t, fakes))(text)
    t.equal(errors, undefined)
    const shown = { values: [{ values: ['M'] }, { values: ['red'] }] }
    const { nodes } = data?.products as { nodes: { family: object | null }[] }
    t.match(nodes[0]?.family, { ...shown, products: [{ name: 'Shirt M', product: { sku: 'MUG-1' } }] })
    t.equal(nodes[40]?.family, null)
    const asked = fakes.asked.map(({ method, request }) => [method, (request as { ids?: string[] }).ids])
    t.same(asked.slice(1), [
      ['readFamilies', families],
      ['readFamilies', families.slice(1)],
      ['readFamilies', families.slice(2)],
      ['readProducts', [ids.product]],
    ])
  },
)

t.test(
  'a page of families has their products from one look-up, and a family that is gone has none',
  async (t) => {
    const text = '{ families { nodes { name values { option } products { sku } } } }'
    const fakes = fakeServices()
    const { data } = await querying(await testGateway(t, fakes))(text)
    t.same(data, {
      families: {
        nodes: [
          {
            name: 'Shirt',
            values: [{ option: 'size' }, { option: 'colour' }],
            products: [{ sku: 'SHIRT-M' }],
          },
        ],
      },
    })
    t.same(
      fakes.asked.map(({ method }) => method),
      ['listFamilies', 'readFamilies'],
    )
    const readFamilies = async () => ({ families: [], unreadIds: [] })
    const gone = await querying(await testGateway(t, fakeServices({ inventory: { readFamilies } })))(text)
    t.same(gone.data, { families: { nodes: [{ name: 'Shirt', values: [], products: [] }] } })
  },
)

t.test('products are filtered by attributes', async (t) => {
  const fakes = fakeServices()
  const query = querying(await testGateway(t, fakes))
  const text = (filters: string) => `{ products(attributes: [${filters}]) { nodes { id } } }`
  const [steel, litres] = ['{ name: "material", value: "steel" }', '{ name: "litres", value: "2" }']
  t.equal((await query(text(`${steel}, ${litres}`))).errors, undefined)
  t.match(fakes.asked[0], {
    method: 'searchProducts',
    request: { attributes: { material: 'steel', litres: '2' } },
  })
  for (const wrong of [`${steel}, ${steel}`, '{ name: "Not a name", value: "x" }'])
    t.match(codesOf(await query(text(wrong))), ['request.invalid'], wrong)
})

t.test('what does not fit into one answer of a service is asked for again', async (t) => {
  const all = many(3)
  const fakes = fakeServices({
    orders: {
      listOrders: async () => ({ orders: all.map((id) => ({ ...order, id })), nextId: undefined }),
      listPaymentsOfOrders: async ({ orderIds: [first = '', ...rest] }) => ({
        payments: [{ ...(await fakePayment()), orderId: first }],
        unreadOrderIds: rest,
      }),
    },
  })
  const query = querying(await testGateway(t, fakes))
  const { data } = await query('{ orders { nodes { payments { orderId } } } }', { as: 'customer' })
  t.same(data?.orders, { nodes: all.map((orderId) => ({ payments: [{ orderId }] })) })
})

const fakePayment = async () => {
  const { payments } = await fakeServices().payments.listPayments(
    { orderId: ids.order },
    { actor: undefined, correlationId: '', traceparent: '' },
  )
  return payments[0]!
}

t.test('a product that is gone is null, and shows nothing of others', async (t) => {
  const fakes = fakeServices({ inventory: { readProducts: async () => ({ products: [], unreadIds: [] }) } })
  const query = querying(await testGateway(t, fakes))
  const { data, errors } = await query('{ cart { items { name product { name } } } }')
  t.same(data, { cart: { items: [{ name: 'Mug', product: null }] } })
  t.equal(errors, undefined)
})

t.test('a product is found by its sku too', async (t) => {
  const query = querying(await testGateway(t))
  t.match(await query('{ product(sku: "MUG-1") { id } }'), { data: { product: { id: ids.product } } })
  t.match(codesOf(await query('{ product(sku: "MUG-2") { id } }')), ['product.not-found'])
  for (const text of ['{ product { id } }', `{ product(id: "${ids.product}", sku: "MUG-1") { id } }`])
    t.match(codesOf(await query(text)), ['request.invalid'])
})

t.test('cursors are those of REST, and hold for the same filters', async (t) => {
  const gateway = await testGateway(t)
  const query = querying(gateway)
  const page = `query ($after: String, $sort: String) { products(first: 1, after: $after, sort: $sort) {
    pageInfo { endCursor hasNextPage } } }`
  const first = await query(page)
  const { endCursor } = (first.data?.products as { pageInfo: { endCursor: string } }).pageInfo
  t.equal((await gateway.send(`GET /products?limit=1&cursor=${endCursor}`)).statusCode, 200)
  t.equal(codesOf(await query(page, {}, { variables: { after: endCursor } })).length, 0)
  const other = await query(page, {}, { variables: { after: endCursor, sort: 'name' } })
  t.match(codesOf(other), ['cursor.invalid'])
})

t.test('a field that is refused is null, and the others are shown', async (t) => {
  const query = querying(await testGateway(t))
  const { status, data, errors } = await query(
    '{ me { id } mine: cart { id } products(first: 101) { nodes { id } } }',
  )
  t.equal(status, 200)
  t.same(data, { me: null, mine: { id: ids.cart }, products: null })
  t.match(errors, [
    { path: ['me'], message: 'log in first', extensions: { code: 'auth.required', status: 401 } },
    {
      path: ['products'],
      extensions: { code: 'request.invalid', status: 400, errors: [{ path: '/first' }] },
    },
  ])
})

t.test('an outage of everything that was asked for is answered as REST answers it', async (t) => {
  const away = () => Promise.reject(new Refusal('unavailable', 'database.unavailable', 'try again'))
  const gateway = await testGateway(t, fakeServices({ carts: { getCart: away } }))
  const alone = await gateway.send('POST /graphql', { body: { query: '{ cart { id } }' } })
  t.match(alone.headers, { 'retry-after': '1', 'content-type': /problem\+json/ })
  t.match(alone.json(), { status: 503, code: 'database.unavailable' })
  const beside = await querying(gateway)('{ cart { id } products { nodes { id } } }')
  t.match(beside, { status: 200, data: { cart: null, products: {} } })
  t.match(codesOf(beside), ['database.unavailable'])
})

t.test('a bug tells nothing', async (t) => {
  const bug = () => Promise.reject(new Error('select secret from users'))
  const query = querying(await testGateway(t, fakeServices({ carts: { getCart: bug } })))
  const { errors } = await query('{ cart { id } }')
  t.match(errors, [{ message: 'internal error', extensions: { code: 'internal', status: 500 } }])
})

t.test('fragments, aliases, directives and names of types work', async (t) => {
  const query = querying(await testGateway(t))
  const text = `
    query Other { cart { id } }
    query Mine($no: Boolean!) { ...Roots me @skip(if: $no) { id } }
    fragment Roots on Query { __typename first: products(first: 1) { nodes { ...Card } } }
    fragment Card on Product { __typename name ... on Product { id @include(if: $no) } }`
  const more = { operationName: 'Mine', variables: { no: true } }
  const { data, errors } = await query(text, {}, more)
  t.equal(errors, undefined)
  const card = { __typename: 'Product', name: 'Mug', id: ids.product }
  t.same(data, { __typename: 'Query', first: { nodes: [card] } })
  t.match(
    await query('query ($no: Boolean!) { me @skip(if: $no) { id } }', {}, { variables: { no: true } }),
    {
      status: 200,
      data: {},
    },
  )
})

t.test('what is the same for everybody is read once, until it changes', async (t) => {
  const shelf = { name: 'Mug' }
  const fakes = fakeServices({
    inventory: {
      listProducts: async () => ({ products: [{ ...product, ...shelf }], nextKey: 'k', nextId: ids.product }),
    },
  })
  const gateway = await testGateway(t, fakes)
  const query = querying(gateway)
  const text = 'query ($first: Int) { products(first: $first) { nodes { name } } cart { id } }'
  const asks = (method: string) => fakes.asked.filter((call) => call.method === method)
  const shown = async (first: number, as: 'anyone' | 'customer' = 'anyone') =>
    (await query(text, { as }, { variables: { first } })).data?.products
  for (const who of ['customer', 'anyone', 'customer'] as const)
    t.same(await shown(5, who), { nodes: [{ name: 'Mug' }] })
  t.equal(asks('listProducts').length, 1)
  t.equal(asks('listProducts')[0]?.call.actor, undefined, 'it is nobody who asks for everybody')
  t.equal(asks('getCart').length, 3, 'a cart is one’s own')
  await shown(6)
  t.equal(asks('listProducts').length, 2, 'another page')
  shelf.name = 'Cup'
  await gateway.send(`PATCH /products/${ids.product}`, { as: 'admin', body: { name: 'Cup' } })
  t.same(await shown(5), { nodes: [{ name: 'Cup' }] })
})

t.test('what is refused is not kept, and neither is what somebody else was refused', async (t) => {
  let isThere = false
  const listProducts = async () => {
    if (!isThere) throw new Refusal('unavailable', 'database.unavailable', 'try again')
    return { products: [product], nextKey: undefined, nextId: undefined }
  }
  const query = querying(await testGateway(t, fakeServices({ inventory: { listProducts } })))
  t.equal((await query('{ products { nodes { id } } }')).status, 503)
  isThere = true
  t.match(await query('{ products { nodes { id } } }'), { status: 200, data: { products: { nodes: [{}] } } })
})

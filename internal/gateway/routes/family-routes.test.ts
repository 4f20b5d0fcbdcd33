import t from 'tap'
import { family, fakeServices, ids, member } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

const path = `/families/${ids.family}`

t.test('families are listed page by page', async (t) => {
  const { send, asked } = await testGateway(t)
  const first = (await send('GET /families?limit=1')).json<{ nextCursor: string }>()
  t.match(first, { data: [family] })
  await send(`GET /families?cursor=${first.nextCursor}`)
  t.match(
    asked.map(({ request }) => request),
    [
      { limit: 1, afterId: undefined },
      { limit: 20, afterId: ids.family },
    ],
  )
})

t.test(
  'a family shows what its products have of each option, cost, and whether they can be had',
  async (t) => {
    const members = [
      member,
      { ...member, productId: ids.order, options: { size: 'L', colour: 'red' }, stock: 0 },
    ]
    const getFamily = async () => ({ family, members })
    const { send } = await testGateway(t, fakeServices({ inventory: { getFamily } }))
    const answer = await send(`GET ${path}`)
    t.equal(answer.headers.etag, '"2"')
    const { productId: _id, priceMinor: _price, ...rest } = member
    t.strictSame(answer.json(), {
      ...family,
      values: [
        { option: 'size', values: ['M', 'L'] },
        { option: 'colour', values: ['red'] },
      ],
      products: [
        { ...rest, id: ids.product, price: 19.99, available: true },
        {
          ...rest,
          id: ids.order,
          options: { size: 'L', colour: 'red' },
          stock: 0,
          price: 19.99,
          available: false,
        },
      ],
    })
  },
)

t.test('a family is added, renamed and deleted', async (t) => {
  const { send, asked } = await testGateway(t)
  const body = { name: 'Shirt', options: ['size'] }
  const added = await send('POST /families', { as: 'admin', body })
  t.match(added, { statusCode: 201, headers: { location: path, etag: '"2"' } })
  const headers = { 'if-match': '"2"' }
  t.equal((await send(`PATCH ${path}`, { as: 'admin', headers, body: { name: 'Tee' } })).statusCode, 200)
  t.equal((await send(`DELETE ${path}`, { as: 'admin', headers })).statusCode, 204)
  const changed = { id: ids.family, expectedVersion: 2 }
  t.match(
    asked.map(({ request }) => request),
    [body, { ...changed, name: 'Tee' }, changed],
  )
})

t.test('what is no family is refused', async (t) => {
  const { send, asked } = await testGateway(t)
  for (const options of [[], ['Size'], ['size', 'size'], Array.from('abcdef'), 'size', undefined])
    t.equal((await send('POST /families', { as: 'admin', body: { name: 'x', options } })).statusCode, 400)
  t.strictSame(asked, [])
})

t.test('a product comes into a family, changes its place and leaves', async (t) => {
  const options = { size: 'M' }
  const { product } = await fakeServices().inventory.getProduct({ id: ids.product }, call)
  const inventory = { getProduct: async () => ({ product: { ...product, familyId: ids.family, options } }) }
  const shop = await testGateway(t, fakeServices({ inventory }))
  t.match((await shop.send(`GET /products/${ids.product}`)).json(), { familyId: ids.family, options })
  const { send, asked } = await testGateway(t)
  const place = { familyId: ids.family, options }
  const body = { name: 'Mug', category: 'kitchen', price: 1, stock: 7, ...place }
  t.equal((await send('POST /products', { as: 'admin', body })).statusCode, 201)
  for (const patch of [place, { options }, { familyId: null }])
    t.equal((await send(`PATCH /products/${ids.product}`, { as: 'admin', body: patch })).statusCode, 200)
  t.match(
    asked.map(({ request }) => request),
    [
      place,
      { ...place, leavesFamily: false },
      { familyId: undefined, options, leavesFamily: false },
      { leavesFamily: true, options: undefined },
    ],
  )
})

const call = { actor: undefined, correlationId: '', traceparent: '' }

import t from 'tap'
import { category, fakeServices, ids } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

const path = `/categories/${ids.category}`

t.test('everybody sees the whole tree, whose parts are put together', async (t) => {
  const { parentId: _parent, ...root } = { ...category, id: ids.product, path: 'kitchen' }
  const listCategories = async ({ afterId }: { readonly afterId?: string | undefined }) =>
    afterId === root.id ? { categories: [category], hasMore: false } : { categories: [root], hasMore: true }
  const { send } = await testGateway(t, fakeServices({ inventory: { listCategories } }))
  t.strictSame((await send('GET /categories')).json(), { data: [root, category] })
})

t.test('a category shows its path, and its version as its ETag', async (t) => {
  const { send } = await testGateway(t)
  const answer = await send(`GET ${path}`)
  t.strictSame(answer.json(), category)
  t.equal(answer.headers.etag, '"2"')
})

t.test('a category is added, renamed, moved and deleted', async (t) => {
  const { send, asked } = await testGateway(t)
  const body = { name: 'teapots', parentId: ids.product }
  const added = await send('POST /categories', { as: 'admin', body })
  t.match(added, { statusCode: 201, headers: { location: path, etag: '"2"' } })
  const headers = { 'if-match': '"2"' }
  const attributes = [{ name: 'lid', type: 'boolean' }]
  for (const patch of [{ name: 'pots' }, { parentId: null }, { attributes }])
    t.equal((await send(`PATCH ${path}`, { as: 'admin', headers, body: patch })).statusCode, 200)
  t.equal((await send(`DELETE ${path}`, { as: 'admin', headers })).statusCode, 204)
  const changed = { id: ids.category, expectedVersion: 2 }
  t.match(
    asked.map(({ request }) => request),
    [
      { ...body, attributes: [] },
      { ...changed, name: 'pots', toRoot: false, attributes: { replace: false } },
      { ...changed, toRoot: true },
      { ...changed, attributes: { replace: true, definitions: attributes } },
      changed,
    ],
  )
})

const wrongAttributes = [
  { name: 'x', attributes: [{ name: 'A', type: 'string' }] },
  { name: 'x', attributes: [{ name: 'a', type: 'date' }] },
  { name: 'x', attributes: Array(51).fill({ name: 'a', type: 'string' }) },
]

t.test('what is no category is refused', async (t) => {
  const { send, asked } = await testGateway(t)
  for (const body of [
    {},
    { name: '' },
    { name: 'a/b' },
    { name: 'x'.repeat(101) },
    { name: 'x', slug: 'y' },
    ...wrongAttributes,
  ])
    t.equal((await send('POST /categories', { as: 'admin', body })).statusCode, 400)
  t.equal((await send(`PATCH ${path}`, { as: 'admin', body: {} })).statusCode, 400)
  const headers = { 'if-match': 'W/"2"' }
  const mismatch = await send(`DELETE ${path}`, { as: 'admin', headers })
  t.match(mismatch.json(), { code: 'category.version-mismatch' })
  t.strictSame(asked, [])
})

t.test(
  'the tree is indexed before its change is answered, and a failure of that costs only the moment',
  async (t) => {
    let times = 0
    const search = {
      async indexCategories() {
        times++
        throw new Error('the search service is away')
      },
    }
    const { send } = await testGateway(t, fakeServices({ search }))
    t.equal((await send('POST /categories', { as: 'admin', body: { name: 'x' } })).statusCode, 201)
    t.equal((await send(`PATCH ${path}`, { as: 'admin', body: { name: 'y' } })).statusCode, 200)
    t.equal((await send(`DELETE ${path}`, { as: 'admin' })).statusCode, 204)
    t.equal(times, 3)
  },
)

t.test('a change of the tree ends what the gateway keeps of it and of products', async (t) => {
  let name = 'old'
  const { product } = await fakeServices().inventory.getProduct({ id: ids.product }, call)
  const inventory = {
    listCategories: async () => ({ categories: [{ ...category, name }], hasMore: false }),
    getProduct: async () => ({ product: { ...product, category: name } }),
    async updateCategory() {
      name = 'new'
      return { category }
    },
  }
  const { send } = await testGateway(t, fakeServices({ inventory }))
  const seen = async () => [
    (await send('GET /categories')).json<{ data: { name: string }[] }>().data[0]?.name,
    (await send(`GET /products/${ids.product}`)).json<{ category: string }>().category,
  ]
  t.strictSame(await seen(), ['old', 'old'])
  await send(`PATCH ${path}`, { as: 'admin', body: { name } })
  t.strictSame(await seen(), ['new', 'new'])
})

const call = { actor: undefined, correlationId: '', traceparent: '' }

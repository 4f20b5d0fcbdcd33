import t from 'tap'
import { fakeServices, order, product } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'
import { codesOf, querying } from './testing/query.ts'

const gateway = await testGateway(t)
const query = querying(gateway)

const within = (levels: number): string => `${'{ a '.repeat(levels)}${'}'.repeat(levels)}`
const aliased = (count: number): string => Array.from({ length: count }, (_, n) => `a${n}: name`).join(' ')
const card = (fields: string): string => `{ products { nodes { ${fields} } } }`

const refused: readonly (readonly [name: string, query: string, code: string, status: number])[] = [
  ['no GraphQL', '{', 'graphql.malformed', 400],
  ['an unknown field', '{ secrets }', 'graphql.invalid', 400],
  ['no query at all', 'fragment F on Product { id }', 'graphql.unknown-operation', 400],
  [
    'two queries of which none is named',
    'query A { me { id } } query B { me { id } }',
    'graphql.unknown-operation',
    400,
  ],
  ['a mutation', 'mutation { addItem }', 'graphql.reads-only', 400],
  ['a subscription', 'subscription { orders }', 'graphql.reads-only', 400],
  ['more words than a query has', `{ ${'me '.repeat(800)} }`, 'graphql.too-long', 400],
  ['fields that lie too deep', within(11), 'graphql.too-deep', 400],
  ['the same in a fragment', `{ ...F } fragment F on Query ${within(11)}`, 'graphql.too-deep', 400],
  [
    'the same in a query that is not meant',
    `query A { me { id } } query B ${within(11)}`,
    'graphql.unknown-operation',
    400,
  ],
  ['too many aliases', card(aliased(16)), 'graphql.too-many-aliases', 400],
  ['a field that is repeated', card('name '.repeat(17)), 'graphql.too-many-aliases', 400],
  ['the same in inline fragments', card('... { name } '.repeat(17)), 'graphql.too-many-aliases', 400],
  [
    'a fragment that is repeated',
    `${card('...F '.repeat(17))} fragment F on Product { id }`,
    'graphql.too-many-aliases',
    400,
  ],
  ['fragments that double each other', doubling(20), 'graphql.too-many-aliases', 400],
  ['a fragment within itself', `${card('...F')} fragment F on Product { ...F }`, 'graphql.invalid', 400],
  ['too many orders with all that is theirs', orders(100), 'graphql.too-costly', 400],
]

function doubling(levels: number): string {
  const fragments = Array.from(
    { length: levels },
    (_, n) => `fragment F${n} on Product { ...F${n + 1} ...F${n + 1} }`,
  )
  return `${card('...F0')} ${fragments.join(' ')} fragment F${levels} on Product { id }`
}

function orders(first: number | string): string {
  const product = 'product { id name images { id url presets { thumb card page } } }'
  const line = `lineId quantity ${product}`
  return `orders(first: ${first}) { nodes { id items { ${line} } shipments { id lines { ${line} } } payments { id } } }`
    .replace(/^/, typeof first === 'string' ? 'query ($first: Int = 100) { ' : '{ ')
    .concat(' }')
}

for (const [name, text, code, status] of refused)
  t.test(`${name} is refused with ${code}`, async (t) => {
    gateway.asked.length = 0
    const answer = await query(text, { as: 'customer' })
    t.equal(answer.status, status)
    t.match(answer.headers['content-type'], /^application\/problem\+json/)
    t.equal(answer.code, code)
    t.equal(answer.data, undefined)
    t.same(new Set(codesOf(answer)), new Set([code]))
    t.ok(answer.errors?.every(({ message }) => message !== ''))
    t.same(gateway.asked, [], 'nobody was asked for it')
  })

t.test('what is within the limits is answered', async (t) => {
  t.match(codesOf(await query(within(10))), ['graphql.invalid'], 'its depth is')
  t.equal((await query(card(aliased(15)))).status, 200)
  t.equal((await query(orders(10), { as: 'customer' })).status, 200)
})

t.test('the cost follows the length that variables say, and a length below one is not free', async (t) => {
  const asks = (first: number | undefined) =>
    query(orders('$first'), { as: 'customer' }, first === undefined ? {} : { variables: { first } })
  t.match(codesOf(await asks(100)), ['graphql.too-costly'])
  t.match(codesOf(await asks(undefined)), ['graphql.too-costly'], 'its default counts')
  t.match(codesOf(await asks(-1_000)), ['request.invalid'])
  const both = `{ cheap: products(first: -100000) { nodes { id name } } ${orders(20).slice(1)}`
  t.match(codesOf(await query(both, { as: 'customer' })), ['graphql.too-costly'])
})

t.test('variables that do not fit are refused', async (t) => {
  const text = 'query ($first: Int!) { products(first: $first) { nodes { id } } }'
  for (const variables of [{}, { first: 'x' }, { first: 1.5 }])
    t.match(codesOf(await query(text, {}, { variables })), ['graphql.invalid'])
})

t.test('an answer that is larger than it looked is refused, and nothing else is', async (t) => {
  const long = { ...product, description: 'x'.repeat(30_000) }
  const lines = Array.from({ length: 1_001 }, (_, n) => ({
    ...order.items[0]!,
    productId: product.id.replace(/.{12}$/, String(n).padStart(12, '0')),
  }))
  const fakes = fakeServices({
    inventory: {
      listProducts: async () => ({
        products: Array.from({ length: 100 }, () => long),
        nextKey: '',
        nextId: '',
      }),
      readProducts: async ({ ids }) => ({ products: ids.map((id) => ({ ...product, id })), unreadIds: [] }),
    },
    orders: { listOrders: async () => ({ orders: [{ ...order, items: lines }], nextId: undefined }) },
  })
  const large = querying(await testGateway(t, fakes))
  const page = await large('{ products(first: 100) { nodes { description } } cart { id } }')
  t.match(page, { status: 200, data: { products: null, cart: {} } })
  t.match(codesOf(page), ['graphql.answer-too-large'])
  const tooMany = await large('{ orders { nodes { items { product { name } } } } }', { as: 'customer' })
  t.match(codesOf(tooMany), ['graphql.answer-too-large'])
  t.equal(fakes.asked.filter(({ method }) => method === 'readProducts').length, 10, 'a hundred at once')
})

t.test('introspection is off in production, and the schema is there anyway', async (t) => {
  const production = await testGateway(t, { introspects: false })
  const ask = querying(production)
  for (const text of [
    '{ __schema { types { name } } }',
    '{ ...F } fragment F on Query { __type(name: "Cart") { name } }',
  ]) {
    t.match(await ask(text), { status: 403, data: undefined })
    t.match(codesOf(await ask(text)), ['graphql.introspection-off'])
    t.equal((await query(text)).status, 200, 'but elsewhere it is on')
  }
  t.match(await ask('{ __typename }'), { status: 200, data: { __typename: 'Query' } })
  t.match((await production.send('GET /graphql/schema')).body, 'type Query')
})

t.test('tools that introspect get the whole schema', async (t) => {
  const { getIntrospectionQuery } = await import('graphql')
  t.equal((await query(getIntrospectionQuery())).errors, undefined)
})

t.test('what is no request of GraphQL is refused as REST refuses it', async (t) => {
  for (const body of [
    [],
    [{ query: '{ me { id } }' }],
    { query: 1 },
    { query: 'x'.repeat(16_001) },
    { extra: 1 },
  ])
    t.match((await gateway.send('POST /graphql', { body })).json(), { status: 400, code: 'request.invalid' })
  t.match((await gateway.send('POST /graphql', { body: 'x'.repeat(70_000) })).json(), {
    code: 'request.too-large',
  })
  const form = { headers: { 'content-type': 'text/plain' }, body: 'query' }
  t.match((await gateway.send('POST /graphql', form)).json(), { code: 'request.unsupported-media-type' })
  t.equal((await gateway.send('GET /graphql?query={me{id}}')).statusCode, 405)
})

t.test('a query is one request of the rate, like those of REST', async (t) => {
  const limited = await testGateway(t, { rateLimitPerMinute: 2 })
  const ask = querying(limited)
  t.match((await ask('{ cart { id } }')).headers, { 'ratelimit-remaining': '1' })
  await ask('{')
  t.match((await limited.send('POST /graphql', { body: { query: '{ cart { id } }' } })).json(), {
    status: 429,
    code: 'request.rate-limited',
  })
})

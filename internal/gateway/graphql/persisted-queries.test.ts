import { createHash } from 'node:crypto'
import t from 'tap'
import { testGateway } from '../testing/test-gateway.ts'
import { openDocuments } from './documents.ts'
import { codesOf, querying } from './testing/query.ts'

const text = '{ cart { id } }'
const hashOf = (query: string) => createHash('sha256').update(query).digest('hex')
const byHash = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } })

t.test('a query that was sent with its hash is known by the hash from then on', async (t) => {
  const query = querying(await testGateway(t))
  const unknown = await query(undefined, {}, byHash(hashOf(text)))
  t.equal(unknown.status, 404)
  t.match(unknown.errors, [
    { message: 'PersistedQueryNotFound', extensions: { code: 'graphql.unknown-hash' } },
  ])
  t.match(await query(text, {}, byHash(hashOf(text))), { status: 200, data: { cart: {} } })
  t.match(await query(undefined, {}, byHash(hashOf(text))), { status: 200, data: { cart: {} } })
})

t.test('a hash that is not that of its query is refused, also when the query is known', async (t) => {
  const query = querying(await testGateway(t))
  await query(text, {}, byHash(hashOf(text)))
  const wrong = hashOf('another')
  t.match(codesOf(await query(text, {}, byHash(wrong))), ['graphql.wrong-hash'])
  t.match(codesOf(await query(undefined, {}, byHash(wrong))), ['graphql.unknown-hash'])
  t.match(codesOf(await query('{ me { id } }', {}, byHash(hashOf(text)))), ['graphql.wrong-hash'])
})

t.test('only queries that can be answered are remembered', async (t) => {
  const query = querying(await testGateway(t))
  await query('{ secrets }', {}, byHash(hashOf('{ secrets }')))
  t.match(codesOf(await query(undefined, {}, byHash(hashOf('{ secrets }')))), ['graphql.unknown-hash'])
})

t.test('without a query and a hash there is nothing to answer', async (t) => {
  const query = querying(await testGateway(t))
  t.match(codesOf(await query(undefined)), ['graphql.no-query'])
  t.match(codesOf(await query(undefined, {}, { extensions: {} })), ['graphql.no-query'])
  t.equal((await query(text, {}, { extensions: { clientLibrary: { name: 'x' } } })).status, 200)
  const upper = await query(undefined, {}, byHash(hashOf(text).toUpperCase()))
  t.equal(upper.status, 400, 'a hash is written in one way')
})

t.test('a query is prepared once for each of its operations, and what is kept has a bound', (t) => {
  const prepared: string[] = []
  const documents = openDocuments(1_000, (query, name) => {
    prepared.push(`${name ?? ''} ${query}`)
    return {}
  })
  const get = (query: string, name?: string) => documents.get({ query, hash: undefined }, name)
  t.equal(get('a'), get('a'))
  t.not(get('a', 'B'), get('a'))
  t.same(prepared, [' a', 'B a'])
  for (let n = 0; n < 20; n++) get('x'.repeat(200) + String(n))
  get('a')
  t.equal(prepared.length, 23)
  t.end()
})

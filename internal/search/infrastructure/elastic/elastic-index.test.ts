import t, { type Test } from 'tap'
import { bucketOf } from '../../../platform/copy-digest.ts'
import { createSignal } from '../../../platform/signal.ts'
import type { SearchIndex } from '../../application/search-index.ts'
import { parseSynonyms } from '../../domain/synonyms.ts'
import { copyContract } from '../../testing/copy-contract.ts'
import { openElastic } from '../../testing/elastic-server.ts'
import { document, namesFound, query, treeOf } from '../../testing/fixtures.ts'
import { indexContract } from '../../testing/index-contract.ts'
import { elasticClient } from './elastic-client.ts'
import { elasticIndex } from './elastic-index.ts'

async function opened(t: Test, user = '') {
  const server = await openElastic(user)
  t.teardown(() => server.close())
  const client = elasticClient({ url: server.url, index: 'shop' })
  return { server, client, index: elasticIndex(client, parseSynonyms('mug = cup')) }
}

const open = async (t: Test): Promise<SearchIndex> => (await opened(t)).index

indexContract(t, open)
copyContract(t, open)

t.test('what is stored while somebody is about to store an older version stays', async (t) => {
  const { client, index } = await opened(t)
  const first = document({ name: 'First' })
  await index.put([first], 'older')
  const [has, may] = [createSignal(), createSignal()]
  const slow = elasticIndex(
    {
      ...client,
      async read(ids, fields) {
        const stored = await client.read(ids, fields)
        has.notify()
        await may.wait(10_000)
        return stored
      },
    },
    new Map(),
  )
  const late = slow.put([{ ...first, version: 2, name: 'Second' }], 'older')
  await has.wait(10_000)
  await index.put([{ ...first, version: 3, name: 'Third' }], 'older')
  may.notify()
  await late
  t.strictSame(await namesFound(index, [{ ...first, name: 'Third' }], 'third'), ['Third'])
  t.strictSame([...(await index.versionsIn([bucketOf(first.id)])).values()], [3])
})

t.test('an index that was removed is made anew, whatever is asked first', async (t) => {
  const { server, index } = await opened(t)
  const lamp = document({ name: 'Lamp' })
  const asking: readonly (() => Promise<unknown>)[] = [
    () => index.find(query('lamp')),
    () => index.find(query('', { filter: { category: 'lights' }, facets: ['category'] })),
    () => index.digest(),
    () => index.setSoldOut([lamp.id]),
    () => index.setCategories(treeOf([lamp])),
    () => index.remove([lamp.id]),
    () => index.put([lamp], 'older'),
  ]
  for (const ask of asking) {
    server.drop()
    await ask()
    t.equal(server.calls.filter((call) => call === 'PUT /shop-1').length, 1)
    t.strictSame(await index.digest().then(({ length }) => length), ask === asking.at(-1) ? 1 : 0)
    ;(server.calls as string[]).length = 0
  }
  t.strictSame(await namesFound(index, [lamp], 'lamp'), ['Lamp'])
})

t.test('a server that is away or busy is an outage', async (t) => {
  const { server, index } = await opened(t)
  const away = { kind: 'unavailable', code: 'search.index-unavailable' }
  for (const status of [429, 500, 502, 503]) {
    server.failWith(status)
    await t.rejects(index.find(query('lamp')), away, String(status))
  }
  server.failWith(undefined)
  await t.resolves(index.find(query('lamp')))
  await server.close()
  await t.rejects(index.find(query('lamp')), away)
})

t.test('a user is told to the server, and a wrong one is a fault that says what it is', async (t) => {
  const { server, index } = await opened(t, 'shop:s%20cret')
  await t.rejects(index.digest(), /401.*security_exception/)
  const right = await opened(t, 'shop:secret')
  await t.resolves(right.index.digest())
  const nobody = elasticClient({ url: server.url.replace(/\/\/.*@/, '//'), index: 'shop' })
  await t.rejects(elasticIndex(nobody, new Map()).digest(), /401/)
})

t.test('thousands of products are sold out and told of in parts', async (t) => {
  const index = await open(t)
  const documents = Array.from({ length: 5_001 }, () => document({}))
  await index.put(documents, 'older')
  const ids = documents.map(({ id }) => id)
  t.equal(await index.setSoldOut(ids), 5_001)
  t.equal(await index.setSoldOut(ids), 0)
  t.equal((await index.versionsIn(Array.from({ length: 256 }, (_, at) => at))).size, 5_001)
  t.equal(await index.setSoldOut([]), 5_001)
})

t.test('lists by family are refused clearly', async (t) => {
  const index = await open(t)
  await t.rejects(index.find(query('lamp', { byFamily: true })), {
    kind: 'invalid',
    code: 'search.no-families',
  })
})

import t, { type Test } from 'tap'
import { followStock } from './application/follow-stock.ts'
import { indexProducts } from './application/index-products.ts'
import { repairIndex } from './application/repair-index.ts'
import type { Document } from './domain/document.ts'
import { elasticClient } from './infrastructure/elastic/elastic-client.ts'
import { elasticIndex } from './infrastructure/elastic/elastic-index.ts'
import { reactToProducts } from './infrastructure/react-to-products.ts'
import { openElastic } from './testing/elastic-server.ts'
import { openCatalogue } from './testing/fake-catalogue.ts'
import { document, namesFound, newProductId } from './testing/fixtures.ts'

// How the index is kept a copy of the catalogue.

async function opened(t: Test, documents: readonly Document[]) {
  const server = await openElastic()
  t.teardown(() => server.close())
  const index = elasticIndex(elasticClient({ url: server.url, index: 'shop' }), new Map())
  const { catalogue, products, world } = openCatalogue(documents)
  const indexing = indexProducts({ catalogue, index, followCategories: async () => undefined })
  const repair = repairIndex({ catalogue, index, indexProducts: indexing })
  return { server, index, catalogue, products, world, indexing, repair }
}

const named = (name: string): Document => document({ name })

t.test(
  'what differs from the catalogue is made good by the comparison, and nothing else is touched',
  async (t) => {
    const [lamp, vase, pot] = [named('Lamp'), named('Vase'), named('Pot')]
    const { index, products, repair } = await opened(t, [lamp, vase])
    t.equal(await repair(), 2)
    t.equal(await repair(), 0)
    products.set(lamp.id, { ...lamp, version: 2, name: 'Lantern' })
    products.set(pot.id, pot)
    products.delete(vase.id)
    t.equal(await repair(), 3)
    const now = [...products.values(), vase]
    for (const [text, found] of Object.entries({ lantern: ['Lantern'], pot: ['Pot'], vase: [], lamp: [] }))
      t.strictSame(await namesFound(index, now, text), found, text)
    t.equal(await repair(), 0)
  },
)

t.test('an index that was lost is made good by the comparison', async (t) => {
  const { server, repair } = await opened(t, [named('Lamp'), named('Vase')])
  await repair()
  server.drop()
  t.equal(await repair(), 2)
})

t.test('a catalogue that came back from a backup is believed', async (t) => {
  const old = named('Old lamp')
  const { index, products, repair } = await opened(t, [{ ...old, version: 5, name: 'New lamp' }])
  await repair()
  products.set(old.id, old)
  t.equal(await repair(), 1)
  t.strictSame(await namesFound(index, [old], 'old'), ['Old lamp'])
  t.equal(await repair(), 0)
})

t.test('an event only tells which product to read anew', async (t) => {
  const lamp = named('Lamp')
  const { index, products, indexing } = await opened(t, [lamp])
  const react = reactToProducts(indexing)
  const told = (data: object) => react([{ data }] as unknown as Parameters<typeof react>[0])
  t.strictSame(await told({ product: { id: lamp.id, name: 'Something else' } }), [undefined])
  t.strictSame(await namesFound(index, [lamp], 'lamp'), ['Lamp'])
  products.delete(lamp.id)
  t.strictSame(await told({ productId: lamp.id }), [undefined])
  t.strictSame(await namesFound(index, [lamp], 'lamp'), [], 'it is not in the catalogue any more')
  t.match(await told({}), [{ code: 'message.invalid' }])
  t.strictSame(await told({ productId: newProductId() }), [undefined], 'nobody knows it')
})

t.test('what is sold out is asked for when it has changed, or when it is wanted anyway', async (t) => {
  const [lamp, vase] = [named('Lamp'), named('Vase')]
  const { index, catalogue, world, repair } = await opened(t, [lamp, vase])
  await repair()
  const follow = followStock({ catalogue, index })
  const there = () => namesFound(index, [lamp, vase], '', { filter: { inStock: true } })
  world.soldOut.add(lamp.id)
  t.equal(await follow(), 1)
  t.strictSame(await there(), ['Vase'])
  t.equal(await follow(), 0)
  t.equal(world.asked, 1, 'nothing has changed')
  world.mark++
  world.soldOut.delete(lamp.id)
  world.soldOut.add(vase.id)
  t.equal(await follow(), 2)
  t.strictSame(await there(), ['Lamp'])
  await index.setSoldOut([])
  t.equal(await follow(), 0)
  t.equal(await follow(true), 1, 'somebody else has changed the index')
})

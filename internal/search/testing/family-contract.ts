import fc from 'fast-check'
import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { SearchIndex } from '../application/search-index.ts'
import { sorts, type Query } from '../domain/query.ts'
import type { Document, FamilyId } from '../domain/document.ts'
import { document, namesFound, query, treeOf } from './fixtures.ts'

type Open = (t: Test) => Promise<SearchIndex>

/** What every index finds of families. */
export function familyContract(t: Test, open: Open): void {
  const fill = async (index: SearchIndex, documents: readonly Document[]): Promise<void> => {
    await index.setCategories(treeOf(documents))
    await index.put(documents, 'always')
  }
  const found = (
    index: SearchIndex,
    documents: readonly Document[],
    text: string,
    more: Partial<Query> = {},
  ) => namesFound(index, documents, text, { byFamily: true, ...more })

  t.test('shows one product of each family: what can be had, then the cheapest', async (t) => {
    const index = await open(t)
    const [shirts, socks] = [newFamilyId(), newFamilyId()]
    const documents = [
      document({ name: 'Shirt S', familyId: shirts, priceMinor: 100n, isSoldOut: true }),
      document({ name: 'Shirt M', familyId: shirts, priceMinor: 300n }),
      document({ name: 'Shirt L', familyId: shirts, priceMinor: 200n }),
      document({ name: 'Sock S', familyId: socks, priceMinor: 50n, isSoldOut: true }),
      document({ name: 'Sock M', familyId: socks, priceMinor: 40n, isSoldOut: true }),
      document({ name: 'Hat', priceMinor: 250n }),
    ]
    await fill(index, documents)
    t.strictSame(await found(index, documents, '', { sort: 'price' }), ['Sock M', 'Shirt L', 'Hat'])
    t.strictSame(await found(index, documents, '', { sort: '-price' }), ['Hat', 'Shirt L', 'Sock M'])
    t.strictSame(await found(index, documents, '', { sort: 'newest' }), ['Hat', 'Sock M', 'Shirt L'])
    const inStock = { filter: { inStock: true } }
    t.strictSame(await found(index, documents, '', { ...inStock, sort: 'name' }), ['Hat', 'Shirt L'])
    const dear = { filter: { minPriceMinor: 250n } }
    t.strictSame(await found(index, documents, '', { ...dear, sort: 'name' }), ['Hat', 'Shirt M'])
    await index.setSoldOut([documents[2]!.id])
    t.strictSame(await found(index, documents, 'shirt'), ['Shirt S'], 'as soon as it is sold out')
  })

  t.test('shows by relevance the product of a family that fits best', async (t) => {
    const index = await open(t)
    const familyId = newFamilyId()
    const documents = [
      document({ name: 'Shirt red', familyId, priceMinor: 300n, isSoldOut: true }),
      document({ name: 'Shirt blue', familyId, priceMinor: 200n, description: 'beside the shirt red' }),
    ]
    await fill(index, documents)
    t.strictSame(await found(index, documents, 'shirt red'), ['Shirt red'])
    t.strictSame(await found(index, documents, 'shirt red', { sort: 'price' }), ['Shirt blue'])
    t.strictSame(await found(index, documents, 'shirt'), ['Shirt blue'])
  })

  t.test('has each family once over all pages, and counts what the list has', async (t) => {
    const index = await open(t)
    await fc.assert(
      fc.asyncProperty(
        shops,
        fc.constantFrom(...sorts),
        fc.constantFrom('', 'lamp'),
        async (shop, sort, text) => {
          const documents = shopOf(shop)
          await fill(index, documents)
          const wanted = { sort, byFamily: true }
          const whole = (await index.find(query(text, wanted))).ids
          const groups = whole.map((id) => groupOf(documents, id))
          if (new Set(groups).size !== groups.length) throw new Error('a family is there twice')
          if (groups.length !== new Set(documents.map((each) => each.familyId ?? each.id)).size)
            throw new Error('a family is missing')
          if (String(await allPages(index, text, wanted)) !== String(whole)) throw new Error('pages differ')
          await requireCounts(index, text, wanted)
          await index.remove(documents.map(({ id }) => id))
        },
      ),
      { numRuns: 20 },
    )
  })
}

const newFamilyId = (): FamilyId => newId() as FamilyId

const groupOf = (documents: readonly Document[], id: string): string =>
  documents.find((each) => each.id === id)?.familyId ?? id

const shops = fc.array(
  fc.record({
    family: fc.constantFrom(0, 1, 2, undefined),
    price: fc.constantFrom(100, 150, 900, 2_000),
    isSoldOut: fc.boolean(),
    category: fc.constantFrom('shop', 'shop/a', 'shop/b', 'other'),
    material: fc.constantFrom('steel', 'iron', undefined),
  }),
  { minLength: 1, maxLength: 12 },
)

type Given = typeof shops extends fc.Arbitrary<infer Shop> ? Shop : never

function shopOf(shop: Given): readonly Document[] {
  const families = Array.from({ length: 3 }, newFamilyId)
  return shop.map(({ family, price, isSoldOut, category, material }, place) =>
    document({
      ...{ name: `Lamp ${place}`, isSoldOut, category, priceMinor: BigInt(price) },
      familyId: family === undefined ? undefined : families[family],
      attributes: material === undefined ? {} : { material },
    }),
  )
}

type Wanted = Pick<Query, 'sort' | 'byFamily'>

async function allPages(index: SearchIndex, text: string, wanted: Wanted): Promise<readonly string[]> {
  const ids: string[] = []
  let after: readonly string[] | undefined
  do {
    const page = await index.find(query(text, { ...wanted, limit: 2, after }))
    ids.push(...page.ids)
    after = page.next
  } while (after)
  return ids
}

/** The count of a value is the length of the list that asks for it. */
async function requireCounts(index: SearchIndex, text: string, wanted: Wanted): Promise<void> {
  const filter = { category: 'shop' }
  const fields = ['category', 'price', 'attributes.material'] as const
  const { facets } = await index.find(query(text, { ...wanted, filter, facets: fields }))
  for (const { field, values } of facets)
    for (const { value, count } of values) {
      const [low = '', high = ''] = value.split('-')
      const own =
        field === 'category'
          ? { category: value }
          : field === 'price'
            ? { ...filter, minPriceMinor: BigInt(low), maxPriceMinor: high === '' ? undefined : BigInt(high) }
            : { ...filter, attributes: { material: value } }
      const { ids } = await index.find(query(text, { ...wanted, filter: own }))
      if (ids.length !== count) throw new Error(`${field} ${value} counts ${count} of ${ids.length}`)
    }
}

import fc from 'fast-check'
import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import {
  anyText,
  foundByParts,
  oddTexts,
  productText,
  queriesFor,
} from '../../platform/testing/product-texts.ts'
import type { SearchIndex } from '../application/search-index.ts'
import type { Document } from '../domain/document.ts'
import { categoryAt, document, namesFound, query, treeOf } from './fixtures.ts'

type Open = (t: Test) => Promise<SearchIndex>

/** What every index finds. `open` gives an empty one, with `mug = cup` as synonyms. */
export function indexContract(t: Test, open: Open): void {
  findingTests(t, open)
  categoryTests(t, open)
  attributeTests(t, open)
  rankingTests(t, open)
  textTests(t, open)
}

const filled = async (t: Test, open: Open, documents: readonly Document[]): Promise<SearchIndex> => {
  const index = await open(t)
  await index.setCategories(treeOf(documents))
  await index.put(documents, 'older')
  return index
}

function findingTests(t: Test, open: Open): void {
  t.test('finds products with all words, each of which may be a part', async (t) => {
    const documents = [
      document({ name: 'Red lamp', description: 'with a shade' }),
      document({ name: 'Blue vase', sku: 'VASE 12' }),
    ]
    const index = await filled(t, open, documents)
    const found = (text: string) => namesFound(index, documents, text)
    t.strictSame(await found('LAMP red'), ['Red lamp'])
    t.strictSame(await found('red sha'), ['Red lamp'])
    t.strictSame(await found('"lam", red.'), ['Red lamp'])
    t.strictSame(await found('vas'), ['Blue vase'])
    t.strictSame(await found('lamp blue'), [])
    t.strictSame(await found('vase -blue'), ['Blue vase'], 'nothing is an operator')
    t.strictSame(await found('l%p'), [])
    t.strictSame(await found('la_p'), [])
    t.same(new Set(await found('  ')), new Set(['Red lamp', 'Blue vase']))
  })

  t.test('finds what a product is called now, while it is there', async (t) => {
    const old = document({ name: 'Old kettle' })
    const index = await filled(t, open, [old])
    const renamed = { ...old, version: 2, name: 'Pot' }
    await index.put([renamed], 'older')
    t.strictSame(await namesFound(index, [renamed], 'kettle'), [])
    t.strictSame(await namesFound(index, [renamed], 'pot'), ['Pot'])
    await index.put([old], 'older')
    t.strictSame(await namesFound(index, [renamed], 'pot'), ['Pot'], 'an older version comes too late')
    await index.put([old], 'always')
    t.strictSame(await namesFound(index, [old], 'kettle'), ['Old kettle'])
    await index.remove([old.id])
    t.strictSame(await namesFound(index, [old], 'kettle'), [])
  })

  t.test('filters, sorts and pages', async (t) => {
    const documents = Array.from({ length: 7 }, (_, place) =>
      document({
        name: `Lantern ${place}`,
        priceMinor: BigInt(100 * (place % 4)),
        category: place % 2 ? 'Odd' : 'even',
        isSoldOut: place === 3,
        currency: place === 6 ? 'USD' : 'EUR',
      }),
    )
    const index = await filled(t, open, documents)
    const names = (places: readonly number[]) => places.map((place) => `Lantern ${place}`)
    const found = (wanted: object) => namesFound(index, documents, 'lantern', { sort: 'name', ...wanted })
    t.strictSame(await found({ filter: { category: 'odd' } }), names([1, 3, 5]))
    t.strictSame(await found({ filter: { inStock: true, category: 'ODD' } }), names([1, 5]))
    t.strictSame(await found({ filter: { inStock: false } }), names([3]))
    t.strictSame(await found({ filter: { currency: 'USD' } }), names([6]))
    t.strictSame(await found({ filter: { minPriceMinor: 100n, maxPriceMinor: 200n } }), names([1, 2, 5, 6]))
    t.strictSame(await found({ sort: 'price' }), names([0, 4, 1, 5, 2, 6, 3]))
    t.strictSame(await found({ sort: '-price' }), names([3, 6, 2, 5, 1, 4, 0]))
    t.strictSame(await found({ sort: 'newest' }), names([6, 5, 4, 3, 2, 1, 0]))
    for (const sort of ['relevance', 'newest', 'name', 'price', '-price'] as const)
      for (const text of ['lantern', 'lanterm', '']) {
        const whole = (await index.find(query(text, { sort }))).ids
        t.equal(whole.length, 7)
        t.strictSame(await allPages(index, text, sort), whole, `${sort}: ${text}`)
      }
  })

  t.test('counts what there would be for other values', async (t) => {
    const documents = [
      document({ name: 'Mug A', category: 'mugs', priceMinor: 150n }),
      document({ name: 'Mug B', category: 'mugs', priceMinor: 1_000n }),
      document({ name: 'Mug C', category: 'Gifts', priceMinor: 199n }),
      document({ name: 'Bowl', category: 'bowls', priceMinor: 199n }),
    ]
    const index = await filled(t, open, documents)
    const facetsOf = async (text: string, filter: object) => {
      const { facets } = await index.find(query(text, { filter, limit: 1, facets: ['price', 'category'] }))
      return facets.map(({ field, values }) => [
        field,
        values.map(({ value, count }) => `${value}: ${count}`),
      ])
    }
    t.strictSame(await facetsOf('mug', {}), [
      ['price', ['100-199: 2', '1000-1999: 1']],
      ['category', ['mugs: 2', 'Gifts: 1']],
    ])
    t.strictSame(await facetsOf('mug', { category: 'mugs', maxPriceMinor: 200n }), [
      ['price', ['100-199: 1', '1000-1999: 1']],
      ['category', ['Gifts: 1', 'mugs: 1']],
    ])
    t.strictSame(await facetsOf('', { category: 'bowls' }), [
      ['price', ['100-199: 1']],
      ['category', ['mugs: 2', 'bowls: 1', 'Gifts: 1']],
    ])
    t.strictSame(await facetsOf('nothing is called so', {}), [
      ['price', []],
      ['category', []],
    ])
  })
}

function categoryTests(t: Test, open: Open): void {
  const names = ['Bowl', 'Pot', 'Mini', 'Potter', 'Spade']
  const paths = ['Kitchen', 'Kitchen/Pots', 'Kitchen/Pots/Small', 'Kitchen/Potters', 'Garden']
  const documents = names.map((name, place) =>
    document({ name, category: paths[place] ?? '', priceMinor: BigInt(place) }),
  )
  const countsIn = async ({ find }: SearchIndex, filter: object) => {
    const { facets } = await find(query('', { filter, facets: ['category'] }))
    return facets.flatMap(({ values }) => values.map(({ value, count }) => `${value}: ${count}`))
  }

  t.test('finds what is in a category and in those below it, and counts it so', async (t) => {
    const index = await filled(t, open, documents)
    const found = (category: string, text = '') =>
      namesFound(index, documents, text, { filter: { category }, sort: 'price' })
    t.strictSame(await found('KITCHEN'), ['Bowl', 'Pot', 'Mini', 'Potter'])
    t.strictSame(await found(' kitchen / pots '), ['Pot', 'Mini'])
    t.strictSame(await found('kitchen', 'pot'), ['Pot', 'Potter'])
    t.strictSame(await found('pots'), [])
    const counts = [
      'Kitchen: 4',
      'Kitchen/Pots: 2',
      'Garden: 1',
      'Kitchen/Pots/Small: 1',
      'Kitchen/Potters: 1',
    ]
    t.strictSame(await countsIn(index, {}), counts)
    t.strictSame(await countsIn(index, { category: 'garden' }), counts, 'whatever the filter is')
    for (const count of counts) {
      const [path = '', number] = count.split(': ')
      t.equal(String((await found(path)).length), number, path)
    }
  })

  t.test('finds products by the path that their category has now', async (t) => {
    const index = await filled(t, open, documents)
    const tree = treeOf(documents).map(({ path, ...category }) => ({
      ...{ ...category, version: 2 },
      path: path.replace(/^Kitchen\/Pots/, 'Garden/Planters'),
    }))
    await index.setCategories(tree)
    t.strictSame(await countsIn(index, {}), [
      ...['Garden: 3', 'Garden/Planters: 2', 'Kitchen: 2', 'Garden/Planters/Small: 1', 'Kitchen/Potters: 1'],
    ])
    await index.setCategories(tree.filter(({ id }) => id === categoryAt('Garden').id))
    t.strictSame(await countsIn(index, {}), ['Garden: 1'], 'what is gone is nowhere')
  })
}

function attributeTests(t: Test, open: Open): void {
  const documents = [
    document({ name: 'Pot A', attributes: { material: 'Steel', size: 40, lid: true } }),
    document({ name: 'Pot B', attributes: { material: 'steel', size: 40.5 }, category: 'pots' }),
    document({ name: 'Pot C', attributes: { material: 'Iron', size: 40, lid: false } }),
    document({ name: 'Pan', attributes: {} }),
  ]
  const fields = ['attributes.material', 'attributes.size', 'attributes.lid', 'attributes.none'] as const
  const countsIn = async ({ find }: SearchIndex, filter: object, text = '') => {
    const { facets } = await find(query(text, { filter, facets: fields }))
    return facets.map(({ values }) => values.map(({ value, count }) => `${value}: ${count}`))
  }

  t.test('finds and counts by what products say of themselves', async (t) => {
    const index = await filled(t, open, documents)
    const found = (attributes: Readonly<Record<string, string>>, text = '') =>
      namesFound(index, documents, text, { filter: { attributes }, sort: 'name' })
    t.strictSame(await found({ material: 'STEEL' }), ['Pot A', 'Pot B'])
    t.strictSame(await found({ material: 'steel', size: '40.0' }, 'pot'), ['Pot A'])
    t.strictSame(await found({ lid: 'false' }), ['Pot C'])
    t.strictSame(await found({ colour: 'red' }), [])
    t.strictSame(await countsIn(index, {}), [
      ['Steel: 2', 'Iron: 1'],
      ['40: 2', '40.5: 1'],
      ['false: 1', 'true: 1'],
      [],
    ])
    t.strictSame(await countsIn(index, { attributes: { material: 'iron' }, category: 'lights' }, 'pot'), [
      ['Iron: 1', 'Steel: 1'],
      ['40: 1'],
      ['false: 1'],
      [],
    ])
  })

  t.test('each count is the length of the list that it has', async (t) => {
    const index = await filled(t, open, documents)
    const set = { material: 'steel', size: '40' }
    const { facets } = await index.find(query('pot', { filter: { attributes: set }, facets: fields }))
    for (const { field, values } of facets)
      for (const { value, count } of values) {
        const attributes = { ...set, [field.slice('attributes.'.length)]: value }
        const { ids } = await index.find(query('pot', { filter: { attributes } }))
        t.equal(ids.length, count, `${field} ${value}`)
      }
  })
}

async function allPages(
  index: SearchIndex,
  text: string,
  sort: 'relevance' | 'newest' | 'name' | 'price' | '-price',
) {
  const ids: string[] = []
  let after: readonly string[] | undefined
  do {
    const page = await index.find(query(text, { sort, limit: 2, after }))
    ids.push(...page.ids)
    after = page.next
  } while (after)
  return ids
}

function rankingTests(t: Test, open: Open): void {
  t.test('puts what fits better first', async (t) => {
    const documents = [
      document({ name: 'Described', description: 'goes with a teapot' }),
      document({ name: 'Miniteapot' }),
      document({ name: 'Small teapots' }),
      document({ name: 'Big red teapot with lid' }),
      document({ name: 'Red teapot' }),
      document({ name: 'Teapot warmer' }),
      document({ name: 'Unrelated', sku: 'TEAPOT-7' }),
      document({ name: 'Teapot' }),
      document({ name: 'Odd one', sku: 'teapot' }),
    ]
    const index = await filled(t, open, documents)
    t.strictSame(await namesFound(index, documents, 'teapot'), [
      ...['Odd one', 'Teapot', 'Unrelated', 'Teapot warmer', 'Red teapot', 'Big red teapot with lid'],
      ...['Small teapots', 'Miniteapot', 'Described'],
    ])
  })

  t.test('finds misspelled words, after those that are spelled so', async (t) => {
    const documents = [
      document({ name: 'Folding umbrella' }),
      document({ name: 'Chandelier' }),
      document({ name: 'Gold plate', description: 'beside an umbrela stand' }),
      document({ name: 'Mixed nuts 250' }),
    ]
    const index = await filled(t, open, documents)
    const found = (text: string) => namesFound(index, documents, text)
    t.strictSame(await found('umbrela'), ['Gold plate', 'Folding umbrella'])
    t.strictSame(await found('fodling umbrella'), ['Folding umbrella'], 'two letters are swapped')
    t.strictSame(await found('chandelirs'), ['Chandelier'], 'a long word may have two mistakes')
    t.strictSame(await found('cold'), ['Gold plate'])
    t.strictSame(await found('unbrella foldin'), ['Folding umbrella'])
    t.strictSame(await found('nuts 251'), [], 'another number is another number')
    t.strictSame(await found('xyz'), [])
  })

  t.test('takes compounds apart and finds plurals when it finds nothing else', async (t) => {
    const documents = [document({ name: 'Hot water bottle' }), document({ name: 'Glass ball' })]
    const index = await filled(t, open, documents)
    t.strictSame(await namesFound(index, documents, 'hot-water bottles'), ['Hot water bottle'])
    t.strictSame(await namesFound(index, documents, 'balls'), ['Glass ball'])
  })

  t.test('finds what means the same', async (t) => {
    const documents = [
      document({ name: 'Blue mug' }),
      document({ name: 'Blue cup' }),
      document({ name: 'Blue bowl' }),
    ]
    const index = await filled(t, open, documents)
    for (const text of ['mug', 'Cup'])
      t.same(new Set(await namesFound(index, documents, text)), new Set(['Blue mug', 'Blue cup']), text)
  })
}

function textTests(t: Test, open: Open): void {
  for (const [name, sku, texts] of foundByParts) {
    t.test(`finds ${name} by its parts`, async (t) => {
      const documents = [document({ name, sku }), document({ name: 'Something', sku: 'else' })]
      const index = await filled(t, open, documents)
      for (const text of texts) t.strictSame(await namesFound(index, documents, text), [name], text)
    })
  }

  t.test('finds every product by its name, its SKU and their parts', async (t) => {
    const index = await open(t)
    const property = fc.asyncProperty(productText, productText, async (name, sku) => {
      const category = newId()
      const product = document({ name: name.trim(), sku: sku.trim(), category })
      await index.setCategories(treeOf([product]))
      await index.put([product], 'older')
      for (const text of queriesFor(product.name, product.sku)) {
        const { ids } = await index.find(query(text, { filter: { category } }))
        if (!ids.includes(product.id)) throw new Error(`${JSON.stringify(text)} does not find it`)
      }
      await index.remove([product.id])
    })
    await fc.assert(property, { numRuns: 60 })
  })

  t.test('takes any text as a search', async (t) => {
    const index = await filled(t, open, [document({})])
    for (const text of oddTexts) await t.resolves(index.find(query(text)), text)
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        await index.find(query(text, { sort: 'price' }))
      }),
      { numRuns: 100 },
    )
  })

  t.test('refuses a position that it has not given', async (t) => {
    const index = await filled(t, open, [document({ name: 'One lamp' }), document({ name: 'Other lamp' })])
    const { next = [] } = await index.find(query('lamp', { limit: 1 }))
    const wrong = [
      [],
      ['x', ...next.slice(1)],
      next.slice(1),
      [...next, 'more'],
      [...next.slice(0, -1), 'no id'],
    ]
    for (const after of wrong)
      await t.rejects(index.find(query('lamp', { after })), {
        kind: 'invalid',
        code: 'search.invalid-position',
      })
  })
}
